// The rules of a framework in the browser: a row of a table in, what every node has out.
// Ratings are places on their scale, numbers are fractions of whole numbers (BigInt). No floating point anywhere.
"use strict";
var inspectlib = (() => {
  // Fractions

  const gcd = (a, b) => { while (b) [a, b] = [b, a % b]; return a < 0n ? -a : a; };
  const fraction = (over, under = 1n) => {
    const by = (under < 0n ? -1n : 1n) * (gcd(over, under) || 1n);
    return { over: over / by, under: under / by };
  };
  const add = (a, b) => fraction(a.over * b.under + b.over * a.under, a.under * b.under);
  const times = (a, b) => fraction(a.over * b.over, a.under * b.under);
  const divided = (a, b) => fraction(a.over * b.under, a.under * b.over);
  const compared = (a, b) => { const d = a.over * b.under - b.over * a.under; return d < 0n ? -1 : d > 0n ? 1 : 0; };
  const floor = (over, under) => (over - (((over % under) + under) % under)) / under;
  const halfUp = (a) => floor(2n * a.over + a.under, 2n * a.under);
  const text = (a) => a.under === 1n ? `${a.over}` : `${a.over}/${a.under}`;

  // A number exactly as written (3, 0.65, 65%, 1/2), or null.
  const number = (written) => {
    const found = /^([+-]?)(0|[1-9][0-9]*)(?:\.([0-9]+)|\/([1-9][0-9]*))?(%?)$/.exec(written);
    if (!found || written.length > 200) return null;
    const [, sign, whole, decimals, divisor, percent] = found;
    const under = 10n ** BigInt((decimals || "").length) * BigInt(divisor || 1) * (percent ? 100n : 1n);
    return fraction((sign === "-" ? -1n : 1n) * BigInt(whole + (decimals || "")), under);
  };
  const percent = (share) => {
    const tenths = halfUp(times(share, fraction(1000n)));
    return `${tenths / 10n}${tenths % 10n ? `.${tenths % 10n}` : ""}%`;
  };

  // Values

  const absent = (state, reason) => ({ absent: state, reason });
  const isAbsent = (value) => value !== null && typeof value === "object" && "absent" in value;
  const isNumber = (value) => value !== null && typeof value === "object" && "over" in value;
  const isRating = (value) => typeof value === "number";
  const isComparable = (value) => isRating(value) || isNumber(value);
  const same = (a, b) => isNumber(a) && isNumber(b) ? compared(a, b) === 0 : a === b;
  const order = (a, b) => isRating(a) ? a - b : compared(a, b);
  const noneOf = (values) => {
    const reasons = [...new Set(values.filter(isAbsent).map((value) => value.reason))];
    return absent("not rated", reasons.length === 1 ? reasons[0] : "none of its parts is rated");
  };
  const compares = {
    at_least: (a, b) => order(a, b) >= 0,
    above: (a, b) => order(a, b) > 0,
    at_most: (a, b) => order(a, b) <= 0,
    below: (a, b) => order(a, b) < 0,
  };

  const banded = (node, value) => {
    if (value && value.points) value = divided(value.points, value.max);
    if (!isNumber(value)) return value;
    if (node.rounding === "whole percent") value = fraction(halfUp(times(value, fraction(100n))), 100n);
    const passed = node.edges.filter(([edge, stays]) => {
      const side = compared(value, number(edge));
      return side > 0 || (side === 0 && !stays);
    }).length;
    return node.better === "higher" ? passed : node.edges.length - passed;
  };

  // The weighted sum of what is rated, and the sum of the weights: part by part, and of all parts.
  const withPart = (node, made, place, value) => {
    if (isAbsent(value)) return { ...made, missing: true };
    const by = number(node.weights[place]);
    const points = add(made.points, times(by, node.scores ? number(node.scores[value]) : value));
    return { ...made, points, weight: add(made.weight, by) };
  };
  const NOTHING = { points: fraction(0n), weight: fraction(0n), missing: false };
  const counted = (node, values) => {
    const missing = values.find(isAbsent);
    if (missing && node.unrated === "not rated") return absent("not rated", `a part of it is not rated: ${missing.reason}`);
    const made = values.reduce((before, value, place) => withPart(node, before, place, value), NOTHING);
    return made.weight.over ? made : noneOf(values);
  };
  const totalled = (node, { points, weight }) =>
    node.scores ? { points, max: times(weight, topScore(node)) } : points;
  const topScore = (node) => number(node.scores[node.scores.length - 1]);
  const extreme = (values, better) => {
    const found = values.filter(isComparable);
    return found.length ? found.reduce((a, b) => (better(order(b, a)) ? b : a)) : noneOf(values);
  };

  const guided = (node, panel, guides) => {
    const bounds = {};
    Object.keys(node.slots).forEach((slot, place) => { bounds[slot] = guides[place]; });
    let rating = panel.rating, crossed = "";
    if (isRating(bounds.floor) && rating < bounds.floor) [rating, crossed] = [bounds.floor, "floor"];
    if (isRating(bounds.ceiling) && rating > bounds.ceiling) [rating, crossed] = [bounds.ceiling, "ceiling"];
    if (crossed && panel.reason && !node.binding) return { stands: panel.rating, limitedBy: "", departsFrom: crossed };
    return { stands: rating, limitedBy: crossed, departsFrom: "" };
  };

  const fits = (cell, value, kind) => {
    if (!cell.length) return true;
    return cell.some((said) => {
      if (said === "absent" || isAbsent(value)) return said === "absent" && isAbsent(value);
      if (kind === "flag") return said === (value ? "True" : "False");
      if (kind === "choice") return said === value;
      const [, words, edge] = /^(at least |at most |above |below )?(.*)$/.exec(said);
      const wanted = isRating(value) ? Number(edge) : number(edge);
      return words ? compares[words.trim().replace(" ", "_")](value, wanted) : same(value, wanted);
    });
  };

  // One place for each kind of rule: from the node and the values of its inputs to its value.
  const rules = {
    given: (node, [value]) => value,
    share: (node, [tally]) => {
      if (isAbsent(tally)) return tally;
      return tally.of ? fraction(tally.yes, tally.of) : absent("not applicable", "no case to which it applies");
    },
    band: (node, [value]) => banded(node, value),
    lowest: (node, values) => extreme(values, (side) => side < 0),
    highest: (node, values) => extreme(values, (side) => side > 0),
    total: (node, values) => {
      const found = counted(node, values);
      return isAbsent(found) ? found : totalled(node, found);
    },
    mean: (node, values) => {
      if (!node.weights.length) {
        const [score] = values;
        return isAbsent(score) ? score : divided(times(score.points, topScore(node)), score.max);
      }
      const found = counted(node, values);
      return isAbsent(found) ? found : divided(found.points, found.weight);
    },
    limit: (node, [rating, when]) => when === true && isRating(rating) ? Math.min(rating, node.level) : rating,
    lift: (node, [rating, when]) => when === true && isRating(rating) ? Math.max(rating, node.level) : rating,
    shift: (node, [rating, by]) => {
      if (!isRating(rating)) return rating;
      const steps = by === undefined ? node.steps : isNumber(by) ? Number(halfUp(by)) : 0;
      return Math.max(0, Math.min(node.ratings.length - 1, rating + steps));
    },
    count: (node, values) => fraction(BigInt(values.filter((value) => counts(node, value)).length)),
    test: (node, [value]) => {
      if (isAbsent(value)) return value;
      if (node.compare === "equals") return value === node.level;
      return compares[node.compare](value, isRating(value) ? node.level : number(node.level));
    },
    all: (node, values) => {
      const found = values.filter((value) => !isAbsent(value));
      return found.length ? found.every(Boolean) : noneOf(values);
    },
    any: (node, values) => {
      const found = values.filter((value) => !isAbsent(value));
      return found.length ? found.some(Boolean) : noneOf(values);
    },
    not: (node, [value]) => isAbsent(value) ? value : !value,
    table: (node, values, inputs) => {
      for (const [place, value] of values.entries()) {
        if (isAbsent(value) && !node.absent[place]) return absent("not rated", value.reason);
      }
      const row = node.rows.findIndex((cells) =>
        cells.every((cell, place) => fits(cell, values[place], inputs[place].kind)));
      const outcome = node.outcomes[row];
      return node.kind === "number" ? number(outcome) : outcome;
    },
    panel: (node, [panel, ...guides]) => panel.rating === undefined ? panel : guided(node, panel, guides).stands,
    discretion: (node, [value]) => value,
  };
  const counts = (node, value) => isRating(value) && compares[node.compare](value, node.level);
  const takesEvidence = (node) => node.rule === "given" || node.rule === "panel";
  const inputsOf = (node) => Object.values(node.slots).flat();

  // What a row says of a node, or undefined: evidence of which it says nothing, or says so, is open.
  const OPEN = "open";
  const stated = (node, row) => {
    if (node.kind === "answers") {
      const [yes, of] = [row[`${node.of}.yes`], row[`${node.of}.of`]];
      return of === undefined ? undefined : { yes: BigInt(yes || 0), of: BigInt(of) };
    }
    const said = row[node.name];
    if (said === undefined || said === "" || said === OPEN) return undefined;
    if (said === "not rated" || said === "not applicable") return absent(said, "so stated in the evidence");
    if (node.kind === "rating") {
      const rating = node.ratings.findIndex((label) => label.toLowerCase() === said.toLowerCase());
      return node.rule === "panel" ? { rating, reason: Boolean(row[`${node.name}.reason`]) } : rating;
    }
    if (node.kind === "flag") return said === "yes";
    if (node.kind === "score") return { points: number(said), max: number(row[`${node.name}.max`]) };
    return node.kind === "choice" ? said : number(said);
  };

  // The node whose limit or lift changed a rating, or null.
  const limiting = (node, values, panels) => {
    if (node.rule === "panel" && panels[node.name]) {
      const guides = inputsOf(node).map((name) => values[name]);
      const crossed = guided(node, panels[node.name], guides).limitedBy;
      return crossed ? node.slots[crossed][0] : null;
    }
    const limits = node.rule === "limit" || node.rule === "lift";
    return limits && values[node.slots.of[0]] !== values[node.name] ? node.slots.when[0] : null;
  };

  // The inputs that decided the value of a node.
  const deciding = (node, values, panels) => {
    const inputs = inputsOf(node), value = values[node.name];
    const present = inputs.filter((name) => !isAbsent(values[name]));
    if ((node.rule === "lowest" || node.rule === "highest") && !isAbsent(value)) {
      return present.filter((name) => same(values[name], value));
    }
    if (isAbsent(value) || !present.length) return inputs;
    if (node.rule === "panel") {
      const limit = limiting(node, values, panels);
      return limit ? [limit] : [];
    }
    if (node.rule === "limit" || node.rule === "lift") {
      return values[inputs[0]] !== value ? inputs : [inputs[0]];
    }
    if (node.rule === "count") {
      const found = present.filter((name) => counts(node, values[name]));
      return found.length ? found : present;
    }
    if (node.rule === "all" || node.rule === "any") {
      const wanted = node.rule === "any";
      return value === wanted ? present.filter((name) => values[name] === wanted) : present;
    }
    return node.rule === "total" || node.rule === "mean" ? present : inputs;
  };

  // What every node has, why, and what limited it; where evidence is open, the worst and the best still possible.
  const evaluate = (plan, row) => {
    const values = {}, panels = {}, found = {}, nodes = {}, fixed = {}, open = {};
    for (const node of plan.nodes) {
      nodes[node.name] = node;
      const silent = takesEvidence(node) && node.missing !== OPEN ? absent(node.missing, node.missing_reason) : undefined;
      const said = stated(node, row) ?? silent;
      const inputs = inputsOf(node);
      const given = inputs.map((name) => values[name]);
      const waits = inputs.some((name) => open[name]);
      if (takesEvidence(node)) {
        if (node.rule === "panel" && said !== undefined && !isAbsent(said)) panels[node.name] = said;
        open[node.name] = said === undefined || (waits && !isAbsent(said));
        if (!open[node.name]) values[node.name] = rules[node.rule](node, [said, ...given]);
      } else if (said !== undefined) {
        values[node.name] = said;
        fixed[node.name] = true;
      } else {
        open[node.name] = waits;
        if (!waits) values[node.name] = rules[node.rule](node, given, inputs.map((name) => nodes[name]));
      }
    }
    const outcomes = becoming({ nodes, values, panels, open, shares: tellingShares(plan) });
    for (const node of plan.nodes) {
      if (node.role === "part") continue;
      if (open[node.name]) {
        const value = possible(outcomes, node.name);
        found[node.name] = { text: shown(node, value), value, decidedBy: [], limitedBy: null, departs: false, open: true };
        continue;
      }
      const decided = [], todo = fixed[node.name] ? [] : [node];
      for (const step of todo) {
        for (const name of fixed[step.name] ? [] : deciding(step, values, panels)) {
          if (nodes[name].role === "part") todo.push(nodes[name]);
          else if (!decided.includes(name)) decided.push(name);
        }
      }
      found[node.name] = {
        text: shown(node, values[node.name]),
        value: values[node.name],
        decidedBy: decided,
        limitedBy: fixed[node.name] ? null : limiting(node, values, panels),
        departs: Boolean(panels[node.name]) &&
          guided(node, panels[node.name], inputsOf(node).map((name) => values[name])).departsFrom !== "",
        open: false,
      };
    }
    return { values, found };
  };

  // Open evidence: all its completions are followed together, as `inspectlib.explore` does. States that cannot be told
  // apart from there on are kept as one: a value that no later node needs is dropped, and a rule that goes through its
  // inputs one by one keeps only what it has made of them so far.
  const MAX_STATES = 50000;
  const isOpen = (value) => value !== null && typeof value === "object" && OPEN in value;

  // A share for each stretch that the bands can tell from the others.
  const tellingShares = (plan) => {
    const edges = plan.nodes.filter((node) => node.edges).flatMap((node) => node.edges.map(([edge]) => number(edge)));
    const inside = edges.filter((edge) => edge.over > 0n && edge.over < edge.under);
    const ends = [fraction(0n), ...inside, fraction(1n)].sort(compared);
    return ends.flatMap((end, place) => place ? [times(add(ends[place - 1], end), fraction(1n, 2n)), end] : [end]);
  };
  const completions = (node, shares) => {
    if (node.kind === "answers") {
      return [...shares.map((share) => ({ yes: share.over, of: share.under })), { yes: 0n, of: 0n }];
    }
    if (node.kind === "rating") {
      return node.ratings.map((_, rating) => node.rule === "panel" ? { rating, reason: true } : rating);
    }
    return node.kind === "flag" ? [false, true] : node.kind === "choice" ? node.options : node.bounds.map(number);
  };

  const FOLDED = ["lowest", "highest", "count", "all", "any"];
  const folds = (node) => node.rule === "total" || node.rule === "mean" ? node.weights.length > 0
    : FOLDED.includes(node.rule) && inputsOf(node).length > 1;
  const fold = (node, made, place, value) => {
    if (node.rule === "total" || node.rule === "mean") return withPart(node, made || NOTHING, place, value);
    if (node.rule === "count") return (made || 0) + (counts(node, value) ? 1 : 0);
    return made === undefined ? value : rules[node.rule](node, [made, value]);
  };
  const finished = (node, made) => {
    if (node.rule === "count") return fraction(BigInt(made));
    if (node.rule !== "total" && node.rule !== "mean") return made;
    if (!made.weight.over || (made.missing && node.unrated === "not rated")) return absent("not rated", "a part is not rated");
    return node.rule === "mean" ? divided(made.points, made.weight) : totalled(node, made);
  };
  const keyOf = (value) => {
    if (isAbsent(value)) return value.absent;
    if (isNumber(value)) return text(value);
    if (value === null || typeof value !== "object") return String(value);
    return Object.values(value).map(keyOf).join(" ");
  };
  const distinct = (states) => {
    const seen = new Map();
    for (const state of states) seen.set(Object.values(state).map(keyOf).join("|"), state);
    return [...seen.values()];
  };

  // What each open node can still become: every value that it can have, asked for by its name. Where nothing beneath a
  // node leads past it, what stands for it from there on is what it can become by itself.
  const becoming = ({ nodes, values, panels, open, shares }) => {
    const known = {}, apart = {}, users = {};
    const into = (name) => open[name] ? inputsOf(nodes[name]) : [];
    Object.keys(open).forEach((name) => into(name).forEach((start) => (users[start] ||= new Set()).add(name)));
    const beneath = (name) => {
      const found = new Set(into(name).filter((start) => open[start]));
      for (const each of found) into(each).filter((start) => open[start]).forEach((start) => found.add(start));
      return found;
    };
    const standsApart = (name) => {
      const inside = beneath(name);
      return [...inside].every((start) => [...users[start]].every((user) => user === name || inside.has(user)));
    };
    const outcomes = (target) => {
      const whole = (name) => name !== target && open[name] && (apart[name] ??= standsApart(name));
      const from = (name) => whole(name) ? [] : into(name);
      const needed = new Set([target]), uses = {}, left = {};
      for (const name of needed) for (const start of new Set(from(name))) {
        needed.add(start);
        (uses[start] ||= []).push(name);
      }
      needed.forEach((name) => { left[name] = (uses[name] || []).length + (name === target ? 1 : 0); });
      const without = (state, names) => {
        names.filter((name) => !left[name]).forEach((name) => delete state[name]);
        return state;
      };
      const results = (node, state) => {
        if (!open[node.name]) return [values[node.name]];
        if (whole(node.name)) return known[node.name] ||= outcomes(node.name);
        const given = from(node.name).map((start) => state[start]);
        if (!takesEvidence(node)) return [rules[node.rule](node, given, from(node.name).map((start) => nodes[start]))];
        const said = panels[node.name] ? [panels[node.name]] : completions(node, shares);
        return said.map((each) => rules[node.rule](node, [each, ...given]));
      };
      const done = new Set();
      let states = [{}];
      const follow = (name) => {
        if (done.has(name)) return;
        if (states.length > MAX_STATES) throw new RangeError("too many states");
        from(name).forEach(follow);
        done.add(name);
        const node = nodes[name], made = `+${name}`, folded = from(name).length > 0 && folds(node);
        const before = states.map((state) => [state, folded ? [finished(node, state[made])] : results(node, state)]);
        if (!folded) new Set(from(name)).forEach((start) => { left[start] -= 1; });
        const gone = folded ? [made] : from(name);
        states = distinct(before.flatMap(([state, found]) =>
          found.map((value) => without({ ...state, [name]: value }, gone))));
        for (const user of (uses[name] || []).filter((each) => folds(nodes[each]))) {
          left[name] -= 1;
          const places = inputsOf(nodes[user]).flatMap((start, place) => start === name ? [place] : []);
          states = distinct(states.map((state) => without({ ...state, [`+${user}`]: places.reduce(
            (sum, place) => fold(nodes[user], sum, place, state[name]), state[`+${user}`]) }, [name])));
        }
      };
      follow(target);
      return states.map((state) => state[target]);
    };
    return (name) => known[name] ||= outcomes(name);
  };

  // What a node can still become: one value when all are the same, else the worst and the best, if they were found.
  const possible = (outcomes, name) => {
    let every;
    try {
      every = outcomes(name);
    } catch (error) {
      if (error instanceof RangeError) return { [OPEN]: true };
      throw error;
    }
    const found = every.filter((value) => !isAbsent(value)).sort(worse);
    if (!found.length) return every[0];
    const [worst, best] = [found[0], found[found.length - 1]], none = found.length < every.length;
    return !none && keyOf(worst) === keyOf(best) ? worst : { [OPEN]: true, worst, best, none };
  };
  const worse = (a, b) => {
    if (isNumber(a)) return compared(a, b);
    if (a.points) return compared(a.points, b.points) || compared(b.max, a.max);
    return a < b ? -1 : a > b ? 1 : 0;
  };

  // A value for people.
  const shown = (node, value) => {
    if (isAbsent(value)) return value.absent;
    if (isOpen(value)) {
      if (value.worst === undefined) return OPEN;
      const [worst, best] = [value.worst, value.best].map((end) => shown(node, end));
      return `open: ${worst}${worst === best ? "" : ` to ${best}`}${value.none ? ", or none" : ""}`;
    }
    if (node.kind === "rating") return node.ratings[value];
    if (node.kind === "score") return `${text(value.points)} of ${text(value.max)}`;
    if (node.kind === "flag") return value ? "yes" : "no";
    if (node.kind === "answers") return `${value.yes} of ${value.of}`;
    if (node.kind === "share") return percent(value);
    return node.kind === "choice" ? value : text(value);
  };

  return { evaluate, shown, number, text, percent, fraction, isAbsent, isOpen, inputsOf, takesEvidence, OPEN };
})();
