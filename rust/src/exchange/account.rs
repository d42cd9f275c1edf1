//! What is held of each asset, and what of it is reserved.

use super::amount::Amount;
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

/// What a resting order holds back.
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

    pub fn balance(&self, asset: AssetIndex) -> Balance {
        Balance {
            total: self.account(asset).total.decimal(),
            free: self.free(asset).decimal(),
        }
    }

    /// Adds to what is held.
    pub fn change(&mut self, asset: AssetIndex, by: Amount) {
        if let Some(account) = self.0.get_mut(asset.index()) {
            account.total = account.total.plus(by);
        }
    }

    /// Adds to what is reserved.
    pub fn reserve(&mut self, asset: AssetIndex, by: Amount) {
        if let Some(account) = self.0.get_mut(asset.index()) {
            account.reserved = account.reserved.plus(by);
        }
    }

    /// The event that tells a balance.
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
