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

  // The weighted sum of what is rated, and the sum of the weights.
  const counted = (node, values) => {
    let points = fraction(0n), weight = fraction(0n);
    for (const [place, value] of values.entries()) {
      if (isAbsent(value)) {
        if (node.unrated === "not rated") return absent("not rated", `a part of it is not rated: ${value.reason}`);
        continue;
      }
      const by = number(node.weights[place]);
      points = add(points, times(by, node.scores ? number(node.scores[value]) : value));
      weight = add(weight, by);
    }
    return weight.over ? { points, weight } : noneOf(values);
  };
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
      if (isAbsent(found)) return found;
      return node.scores ? { points: found.points, max: times(found.weight, topScore(node)) } : found.points;
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

  // What a row says of a node, or undefined.
  const stated = (node, row) => {
    if (node.kind === "answers") {
      const [yes, of] = [row[`${node.of}.yes`], row[`${node.of}.of`]];
      return of === undefined ? undefined : { yes: BigInt(yes || 0), of: BigInt(of) };
    }
    const said = row[node.name];
    if (said === undefined || said === "") return undefined;
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

  // What every node has, why, and what limited it. Evidence that a row does not state is taken to be not rated.
  const evaluate = (plan, row) => {
    const values = {}, panels = {}, found = {}, nodes = {}, fixed = {};
    for (const node of plan.nodes) {
      nodes[node.name] = node;
      const said = stated(node, row);
      const inputs = inputsOf(node);
      const given = inputs.map((name) => values[name]);
      if (takesEvidence(node)) {
        const value = said === undefined ? absent("not rated", "the evidence says nothing of it") : said;
        if (node.rule === "panel" && value.rating !== undefined) panels[node.name] = value;
        values[node.name] = rules[node.rule](node, [value, ...given]);
      } else if (said !== undefined) {
        values[node.name] = said;
        fixed[node.name] = true;
      } else {
        values[node.name] = rules[node.rule](node, given, inputs.map((name) => nodes[name]));
      }
    }
    for (const node of plan.nodes) {
      if (node.role === "part") continue;
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
      };
    }
    return { values, found };
  };

  // A value for people.
  const shown = (node, value) => {
    if (isAbsent(value)) return value.absent;
    if (node.kind === "rating") return node.ratings[value];
    if (node.kind === "score") return `${text(value.points)} of ${text(value.max)}`;
    if (node.kind === "flag") return value ? "yes" : "no";
    if (node.kind === "answers") return `${value.yes} of ${value.of}`;
    if (node.kind === "share") return percent(value);
    return node.kind === "choice" ? value : text(value);
  };

  return { evaluate, shown, number, text, percent, fraction, isAbsent, inputsOf, takesEvidence };
})();
