"use strict";
// Draws the charts of a report from the data in the page. Everything else is HTML already.
addEventListener("error", (event) => {
  document.documentElement.dataset.error = event.message || "error";
});
addEventListener("securitypolicyviolation", (event) => {
  document.documentElement.dataset.error = `${event.violatedDirective}: ${event.blockedURI}`;
});

(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const colour = (name) => getComputedStyle(root).getPropertyValue(`--${name}`).trim();

  // Numbers

  function unpack({ base, digits, numbers }) {
    const text = atob(numbers);
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    const steps = new Uint32Array(bytes.buffer);
    const scale = 10 ** Math.abs(digits);
    const values = Float64Array.from(steps, digits < 0 ? (step) => (base + step) * scale : (step) => (base + step) / scale);
    return { values: Array.from(values), digits: Math.max(0, digits) };
  }

  const write = (value, digits) =>
    value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "−");
  const signed = (value, digits) => (value > 0 ? "+" : "") + write(value, digits);
  const significant = (value) => {
    if (value === 0) return "0";
    return write(value, Math.min(12, Math.max(2, 4 - Math.floor(Math.log10(Math.abs(value))))));
  };
  const exact = (value, digits) => write(value, digits).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
  const clock = (seconds) => new Date(seconds * 1000).toISOString().replace("T", " ").replace("Z", "");

  function timeLabels(_, splits, __, ___, step) {
    let last = "";
    return splits.map((split) => {
      const [date, time] = clock(split + 1e-4).split(" ");
      if (step >= 86400 * 28) return date.slice(0, 7);
      if (step >= 86400) return date;
      const shown = time.slice(0, step >= 60 ? 5 : step >= 1 ? 8 : 12);
      const isNew = date !== last;
      last = date;
      return isNew ? `${shown}\n${date}` : shown;
    });
  }

  const valueLabels = (_, splits, __, ___, step) => {
    let digits = 0;
    while (digits < 12 && Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) > 1e-6) digits += 1;
    return splits.map((split) => write(split, digits));
  };

  // One cursor and one span of time for all charts

  const charts = new Map();
  const all = { min: data.start, max: data.end };
  const room = (all.max - all.min) * 0.01 || 1;
  let span = { min: all.min - room, max: all.max + room };
  let isSetting = false;

  function setSpan(min, max) {
    const width = Math.min(Math.max(max - min, 1e-3), all.max - all.min + 2 * room);
    const middle = (min + max) / 2;
    const left = Math.min(Math.max(middle - width / 2, all.min - room), all.max + room - width);
    span = { min: left, max: left + width };
    isSetting = true;
    // In a batch, which is carried out at once: what follows asks for places on the new scale.
    for (const chart of charts.values()) chart.batch(() => chart.setScale("x", span));
    isSetting = false;
  }
  const showAll = () => setSpan(all.min - room, all.max + room);

  const indexAt = (times, time) => {
    let low = 0, high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] <= time) low = middle + 1; else high = middle;
    }
    return low - 1;
  };

  // The least and the greatest of what is shown: a step holds on from before the span.
  function shownRange(times, ...series) {
    let low = Infinity, high = -Infinity;
    for (let at = Math.max(0, indexAt(times, span.min)); at < times.length && times[at] <= span.max; at += 1) {
      for (const values of series) {
        if (values[at] < low) low = values[at];
        if (values[at] > high) high = values[at];
      }
    }
    return [low, high];
  }
  const padded = (low, high) => {
    if (!(low <= high)) return [0, 1];
    const more = (high - low || Math.abs(high) * 0.001 || 1) * 0.08;
    return [low - more, high + more];
  };

  const readers = new Map();
  function readOut(time) {
    for (const [name, read] of readers) {
      const place = document.querySelector(`.readout[data-for="${name}"]`);
      place.replaceChildren();
      for (const [label, text] of read(time)) {
        const value = document.createElement("b");
        value.textContent = text;
        place.append(label ? `${place.childNodes.length ? " · " : ""}${label} ` : "", value);
      }
    }
  }

  const widthOf = () => Math.max(240, root.classList.contains("paper") ? 690 : document.querySelector("main").clientWidth);

  function draw(name, options, values) {
    const place = document.getElementById(`chart-${name}`);
    charts.get(name)?.destroy();
    const quiet = colour("quiet"), grid = { stroke: colour("line"), width: 1 };
    const font = `11px ${getComputedStyle(document.body).fontFamily}`;
    const axis = { stroke: quiet, grid, ticks: { ...grid, size: 4 }, font };
    const chart = new uPlot({
      width: widthOf(),
      height: options.height * (root.classList.contains("paper") ? 0.7 : 1),
      padding: [8, 12, 0, 0],
      tzDate: (time) => uPlot.tzDate(new Date(time * 1000), "Etc/UTC"),
      legend: { show: false },
      cursor: {
        sync: { key: "report", setSeries: false, scales: ["x", null] },
        drag: { x: true, y: false, setScale: true },
        y: false,
        points: { show: false },
        bind: { dblclick: () => () => showAll() },
      },
      scales: { x: { time: true, min: span.min, max: span.max }, y: { range: () => options.range() } },
      axes: [
        { ...axis, values: timeLabels, space: 80, size: options.isLast ? 40 : 8, ...(options.isLast ? {} : { values: (_, splits) => splits.map(() => "") }) },
        { ...axis, values: valueLabels, size: 76, space: 24 },
      ],
      series: [{}, ...options.series],
      hooks: {
        setScale: [(self, key) => {
          if (key === "x" && !isSetting && self.scales.x.min !== null) setSpan(self.scales.x.min, self.scales.x.max);
        }],
        setCursor: [(self) => {
          const { left, top } = self.cursor;
          readOut(left >= 0 ? self.posToVal(left, "x") : data.end);
          options.point?.(self, left, top);
        }],
        drawClear: options.under ? [options.under] : [],
        draw: options.over ? [options.over] : [],
      },
    }, values, place);
    charts.set(name, chart);
  }

  const steps = uPlot.paths.stepped({ align: 1 });
  const x = (self, time) => self.valToPos(time, "x", true);

  function clipped(self, paint) {
    const { ctx, bbox } = self;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    paint(ctx, bbox, devicePixelRatio || 1);
    ctx.restore();
  }

  // Equity and drawdown

  function drawLine(line) {
    const times = unpack(line.times).values;
    const equity = unpack(line.equity);
    const fallTimes = unpack(line.fall_times).values, falls = unpack(line.falls), peaks = unpack(line.peaks);
    const shade = (self) => clipped(self, (ctx, box) => {
      ctx.fillStyle = colour("shade");
      for (const [start, , end] of line.episodes) ctx.fillRect(x(self, start), box.top, Math.max(1, x(self, end) - x(self, start)), box.height);
    });
    draw("equity", {
      height: 230,
      range: () => padded(...shownRange(times, equity.values)),
      under: shade,
      series: [{ stroke: colour("equity"), width: 1.5, paths: steps, points: { show: false } }],
    }, [times, equity.values]);
    draw("drawdown", {
      height: 140,
      isLast: true,
      under: shade,
      range: () => [Math.min(shownRange(fallTimes, falls.values)[0], 0) * 1.1 || -1, 0],
      series: [{ stroke: colour("fall"), fill: colour("fall-fill"), width: 1.25, paths: steps, fillTo: 0, points: { show: false } }],
    }, [fallTimes, falls.values]);
    readers.set("equity", (time) => {
      const at = Math.max(0, indexAt(times, time)), below = Math.max(0, indexAt(fallTimes, time));
      const fall = falls.values[below], peak = peaks.values[below];
      const share = peak > 0 && fall < 0 ? ` (${significant(100 * fall / peak)} %)` : "";
      return [["", `${clock(Math.min(time, data.end))} UTC`], ["equity", `${significant(equity.values[at])} ${line.unit}`], ["below the peak", `${significant(fall)} ${line.unit}${share}`]];
    });
  }

  // The curves of a sweep

  function drawCurves(curves) {
    const [times, ...values] = uPlot.join(curves.map((curve) => [unpack(curve.times).values, unpack(curve.equity).values]));
    draw("curves", {
      height: 260,
      isLast: true,
      range: () => padded(...shownRange(times, ...values)),
      series: curves.map((curve) => ({ stroke: colour(curve.colour), width: 1.5, paths: steps, points: { show: false } })),
    }, [times, ...values]);
    readers.set("curves", (time) => [
      ["", `${clock(Math.min(time, data.end))} UTC`],
      ...curves.map((curve, number) => {
        let at = indexAt(times, time);
        while (at > 0 && values[number][at] === undefined) at -= 1;
        return [curve.name, significant(values[number][Math.max(0, at)])];
      }),
    ]);
  }

  // Prices, fills, limit orders, positions

  const roles = { m: "maker", t: "taker", b: "taker, then maker" };

  function drawMarket(market) {
    let times = unpack(market.times).values;
    let prices = unpack(market.prices);
    const fills = Object.fromEntries(["times", "prices", "quantities", "fees", "waits"].map((key) => [key, unpack(market.fills[key])]));
    const { sides } = market.fills;
    const orders = { starts: unpack(market.orders.starts).values, ends: unpack(market.orders.ends).values, prices: unpack(market.orders.prices).values };
    const heldTimes = unpack(market.held_times).values, held = unpack(market.held);
    const hasPrices = times.length > 0;
    if (!hasPrices) [times, prices] = [fills.times.values, fills.prices];
    const mark = (self, position, ratio) => {
      const side = sides[position] === "b" ? 1 : -1, size = 5.5 * ratio;
      const left = x(self, fills.times.values[position]), top = self.valToPos(fills.prices.values[position], "y", true);
      return [left, top, side, size];
    };
    // Under the price, and wider: an order at the best price lies on it.
    const under = (self) => clipped(self, (ctx, box, ratio) => {
      const colours = { b: colour("gain"), s: colour("loss") };
      ctx.globalAlpha = 0.5;
      orders.prices.forEach((price, position) => {
        if (orders.ends[position] < span.min || orders.starts[position] > span.max) return;
        const left = x(self, orders.starts[position]), right = x(self, orders.ends[position]);
        ctx.fillStyle = colours[market.orders.sides[position]];
        ctx.fillRect(left, self.valToPos(price, "y", true) - 1.5 * ratio, Math.max(ratio, right - left), 3 * ratio);
      });
    });
    const over = (self) => clipped(self, (ctx, box, ratio) => {
      const { min, max } = span, colours = { b: colour("gain"), s: colour("loss") };
      heldTimes.forEach((time, position) => {
        const size = held.values[position], end = heldTimes[position + 1] ?? data.end;
        if (size === 0 || end < min || time > max) return;
        ctx.fillStyle = colours[size > 0 ? "b" : "s"];
        ctx.fillRect(x(self, time), box.top + box.height - 5 * ratio, Math.max(ratio, x(self, end) - x(self, time)), 5 * ratio);
      });
      ctx.strokeStyle = colour("back");
      for (let position = Math.max(0, indexAt(fills.times.values, min)); position < sides.length && fills.times.values[position] <= max; position += 1) {
        const [left, top, side, size] = mark(self, position, ratio);
        ctx.fillStyle = colours[sides[position]];
        ctx.beginPath();
        ctx.moveTo(left, top);
        ctx.lineTo(left - size, top + side * 1.8 * size);
        ctx.lineTo(left + size, top + side * 1.8 * size);
        ctx.closePath();
        ctx.fill();
        ctx.stroke();
      }
    });
    const tip = document.createElement("div");
    tip.className = "tip";
    tip.hidden = true;
    const describe = (position) => [
      `${sides[position] === "b" ? "Bought" : "Sold"} ${exact(fills.quantities.values[position], fills.quantities.digits)} at ${exact(fills.prices.values[position], fills.prices.digits)}`,
      `${clock(fills.times.values[position])} UTC`,
      `fee ${significant(fills.fees.values[position])} ${market.unit}, ${roles[market.fills.roles[position]]}`,
      `${exact(fills.waits.values[position], 6)} s after the order was sent`,
    ].join("\n");
    const showTip = (self, position) => {
      tip.hidden = position < 0;
      if (position < 0) return;
      const [left, top] = mark(self, position, 1).map((value, axis) => (axis < 2 ? value / (devicePixelRatio || 1) : value));
      tip.innerText = describe(position);
      const limit = self.over.clientWidth - 230 + self.over.offsetLeft;
      tip.style.left = `${Math.max(0, Math.min(left + 12, limit))}px`;
      tip.style.top = `${Math.max(0, top - 30)}px`;
    };
    const nearest = (self, left, top) => {
      let best = -1, distance = 16;
      if (left < 0 || left === undefined) return best;
      const from = Math.max(0, indexAt(fills.times.values, self.posToVal(left - 16, "x")));
      const until = self.posToVal(left + 16, "x");
      for (let position = from; position < sides.length && fills.times.values[position] <= until; position += 1) {
        const away = Math.hypot(self.valToPos(fills.times.values[position], "x") - left, self.valToPos(fills.prices.values[position], "y") - top);
        if (away < distance) [best, distance] = [position, away];
      }
      return best;
    };
    draw("price", {
      height: 300,
      isLast: true,
      range: () => {
        const ranges = [shownRange(times, prices.values), shownRange(fills.times.values, fills.prices.values)];
        const [low, high] = padded(Math.min(...ranges.map((range) => range[0])), Math.max(...ranges.map((range) => range[1])));
        // Room for the band of the position.
        return [low - (high - low) * 0.05, high];
      },
      series: [{ stroke: hasPrices ? colour("price") : "transparent", width: 1.25, paths: steps, points: { show: false } }],
      under,
      over,
      point: (self, left, top) => { if (self.cursor.event || left < 0) showTip(self, nearest(self, left, top)); },
    }, [times, prices.values]);
    const chart = charts.get("price");
    chart.root.append(tip);
    jump = (direction) => {
      const now = chart.cursor.left >= 0 ? chart.posToVal(chart.cursor.left, "x") : span.min;
      const from = indexAt(fills.times.values, now);
      let next = direction > 0 ? from + 1 : from - (Math.abs(fills.times.values[from] - now) < (span.max - span.min) / 2000 ? 1 : 0);
      if (direction > 0 && Math.abs(fills.times.values[next] - now) < (span.max - span.min) / 2000) next += 1;
      if (next < 0 || next >= sides.length) return;
      const time = fills.times.values[next], width = span.max - span.min;
      if (time < span.min || time > span.max) setSpan(time - width / 2, time + width / 2);
      chart.setCursor({ left: chart.valToPos(time, "x"), top: chart.valToPos(fills.prices.values[next], "y") });
      showTip(chart, next);
    };
    readers.set("price", (time) => {
      const at = indexAt(times, time), size = held.values[Math.max(0, indexAt(heldTimes, time))] ?? 0;
      return [
        ["", `${clock(Math.min(time, data.end))} UTC`],
        ...(hasPrices && at >= 0 ? [["price", `${exact(prices.values[at], prices.digits)} ${market.unit}`]] : []),
        ["position", size ? signed(size, held.digits).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "") : "none"],
      ];
    });
  }
  let jump = () => {};

  // Choices, keys, sizes, colours

  function choose(name, items, paint) {
    const place = document.querySelector(`.choices[data-for="${name}"]`);
    if (!place || !items.length) return () => {};
    let chosen = items[0];
    const repaint = () => { paint(chosen); readOut(data.end); };
    if (items.length > 1) {
      place.append(...items.map((item) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = item.name;
        button.setAttribute("aria-pressed", item === chosen);
        button.addEventListener("click", () => {
          chosen = item;
          for (const each of place.children) each.setAttribute("aria-pressed", each === button);
          repaint();
        });
        return button;
      }));
    }
    repaint();
    return repaint;
  }

  const keys = {
    ArrowLeft: () => setSpan(span.min - (span.max - span.min) / 5, span.max - (span.max - span.min) / 5),
    ArrowRight: () => setSpan(span.min + (span.max - span.min) / 5, span.max + (span.max - span.min) / 5),
    "+": () => setSpan(span.min + (span.max - span.min) / 6, span.max - (span.max - span.min) / 6),
    "-": () => setSpan(span.min - (span.max - span.min) / 4, span.max + (span.max - span.min) / 4),
    0: showAll,
    n: () => jump(1),
    p: () => jump(-1),
  };
  for (const place of document.querySelectorAll(".chart")) {
    place.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
    place.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const chart = charts.get(place.id.slice("chart-".length));
      const time = chart.posToVal(event.clientX - chart.over.getBoundingClientRect().left, "x");
      const factor = 1.2 ** Math.sign(event.deltaY);
      setSpan(time - (time - span.min) * factor, time + (span.max - time) * factor);
    }, { passive: false });
  }

  const painters = [choose("equity", data.lines ?? [], drawLine), choose("price", data.markets ?? [], drawMarket)];
  if (data.curves) {
    painters.push(() => { drawCurves(data.curves); readOut(data.end); });
    painters.at(-1)();
  }
  const repaintAll = () => painters.forEach((paint) => paint());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaintAll);
  addEventListener("resize", () => {
    for (const chart of charts.values()) if (chart.width !== widthOf()) chart.setSize({ width: widthOf(), height: chart.height });
  });
  // Paper is white, whatever the screen is.
  const toPaper = (isPaper) => { root.classList.toggle("paper", isPaper); repaintAll(); };
  addEventListener("beforeprint", () => toPaper(true));
  addEventListener("afterprint", () => toPaper(false));
  root.classList.add("drawn");
})();
