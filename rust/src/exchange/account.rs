//! Balances by asset, and the reserved parts of them.

use super::amount::Amount;
use crate::error::Error;
use barter_execution::{
    AccountEvent, AccountEventKind,
    balance::{AssetBalance, Balance},
};
use barter_instrument::{asset::AssetIndex, exchange::ExchangeIndex};
use barter_integration::collection::snapshot::Snapshot;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

/// The balances of all exchanges, by asset index.
#[derive(Debug)]
pub struct Accounts(Vec<Account>);

#[derive(Clone, Copy, Default, Debug)]
struct Account {
    total: Amount,
    reserved: Amount,
}

/// The amount that a resting order reserves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reserved {
    pub asset: AssetIndex,
    pub amount: Amount,
}

impl Accounts {
    pub fn new(balances: &[Decimal]) -> Self {
        let account = |balance: &Decimal| Account {
            total: Amount::cut(*balance),
            reserved: Amount::ZERO,
        };
        Self(balances.iter().map(account).collect())
    }

    fn account(&self, asset: AssetIndex) -> Account {
        self.0.get(asset.index()).copied().unwrap_or_default()
    }

    pub fn free(&self, asset: AssetIndex) -> Amount {
        let Account { total, reserved } = self.account(asset);
        total.minus(reserved)
    }

    pub fn total(&self, asset: AssetIndex) -> Amount {
        self.account(asset).total
    }

    pub fn balance(&self, asset: AssetIndex) -> Balance {
        Balance {
            total: self.account(asset).total.decimal(),
            free: self.free(asset).decimal(),
        }
    }

    fn account_mut(&mut self, asset: AssetIndex) -> Result<&mut Account, Error> {
        self.0
            .get_mut(asset.index())
            .ok_or_else(|| Error::inconsistent(format!("there is no account of {asset}")))
    }

    /// Adds to the total of a balance.
    pub fn change(&mut self, asset: AssetIndex, by: Amount) -> Result<(), Error> {
        let account = self.account_mut(asset)?;
        account.total = account.total.plus(by);
        Ok(())
    }

    /// Adds to the reserved part of a balance.
    pub fn reserve(&mut self, asset: AssetIndex, by: Amount) -> Result<(), Error> {
        let account = self.account_mut(asset)?;
        account.reserved = account.reserved.plus(by);
        Ok(())
    }

    /// The event of a balance.
    pub fn event(
        &self,
        exchange: ExchangeIndex,
        asset: AssetIndex,
        time_exchange: DateTime<Utc>,
    ) -> AccountEvent {
        AccountEvent::new(
            exchange,
            AccountEventKind::BalanceSnapshot(Snapshot(AssetBalance {
                asset,
                balance: self.balance(asset),
                time_exchange,
            })),
        )
    }
}
