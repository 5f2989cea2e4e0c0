// The rating explorer: what is picked is a row of a table, which stands in the address after #.
"use strict";
(() => {
  const CASES = 100;
  const ABSENT = "not rated";

  const make = (name, attributes = {}, ...parts) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else if (value !== false && value !== null) element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...parts.filter((part) => part !== null));
    return element;
  };

  class Explorer {
    constructor(root) {
      this.root = root;
      this.plan = JSON.parse(root.querySelector(".explorer-plan").textContent);
      this.nodes = Object.fromEntries(this.plan.nodes.map((node) => [node.name, node]));
      this.answers = new Set(this.plan.nodes.filter((node) => node.kind === "answers").map((node) => node.of));
      this.shares = Object.fromEntries(
        this.plan.nodes.filter((node) => node.kind === "share").map((node) => [node.of, node.name]));
      this.standards = this.plan.domains.flatMap((domain) => domain.standards);
      this.questionsOf = Object.fromEntries(this.standards.map((standard) => [
        standard.node, standard.questions.filter((question) => this.answers.has(question.node))]));
      this.byPlace = new Intl.Collator("en", { numeric: true }).compare;
      this.watchers = [];
      this.start = this.startRow();
      this.row = this.fromAddress();
      this.build();
      this.update(false);
      window.addEventListener("hashchange", () => {
        this.row = this.fromAddress();
        this.update(false);
      });
    }

    // What is picked

    startRow() {
      const row = {};
      for (const node of this.plan.nodes) {
        if (inspectlib.takesEvidence(node) && node.kind !== "answers") row[node.name] = this.startValue(node);
      }
      for (const standard of this.standards) {
        const node = this.nodes[standard.node];
        if (node && !inspectlib.takesEvidence(node)) row[node.name] = this.startValue(node);
        else if (!node) this.questionsOf[standard.node].forEach((question) => this.startShares(row, question.node, 65));
      }
      return row;
    }

    startValue(node) {
      if (node.kind === "rating") return node.ratings[Math.max(0, node.ratings.length - 2)];
      if (node.kind === "flag") return "no";
      return node.kind === "choice" ? node.options[0] : node.bounds[0];
    }

    startShares(row, question, yes) {
      row[`${question}.yes`] = String(yes);
      row[`${question}.of`] = String(CASES);
    }

    // The columns that a row can have, each with whether a text fits it.
    fits(column, text) {
      const tally = /^(.*)\.(yes|of)$/.exec(column);
      if (tally && this.answers.has(tally[1])) return /^[0-9]{1,5}$/.test(text);
      if (column.endsWith(".reason")) return this.hasReason(this.nodes[column.slice(0, -7)]);
      const node = this.nodes[column];
      if (!node || !(column in this.start)) return false;
      if (text === ABSENT || text === inspectlib.OPEN) return node.kind === "rating";
      if (node.kind === "rating") return node.ratings.includes(text);
      if (node.kind === "flag") return text === "yes" || text === "no";
      return node.kind === "choice" ? node.options.includes(text) : this.numberFits(node, text);
    }

    numberFits(node, text) {
      const found = inspectlib.number(text);
      if (!found) return false;
      const [least, most] = node.bounds.map(inspectlib.number);
      const below = (a, b) => a.over * b.under < b.over * a.under;
      if (below(found, least) || below(most, found)) return false;
      if (node.step === null) return true;
      const step = inspectlib.number(node.step);
      const away = inspectlib.fraction(found.over * least.under - least.over * found.under, found.under * least.under);
      return (away.over * step.under) % (away.under * step.over) === 0n;
    }

    fromAddress() {
      const row = { ...this.start };
      const asked = new URLSearchParams(window.location.hash.slice(1));
      for (const [column, text] of asked) if (this.fits(column, text)) row[column] = text;
      for (const standard of this.standards) {
        const questions = this.questionsOf[standard.node];
        if (questions.some((question) => asked.has(`${question.node}.of`))) {
          delete row[standard.node];
          for (const question of questions) {
            const [yes, of] = [row[`${question.node}.yes`], row[`${question.node}.of`]];
            if (yes === undefined || of === undefined || Number(yes) > Number(of)) this.startShares(row, question.node, 65);
          }
        }
      }
      return row;
    }

    address() {
      const kept = Object.entries(this.row).filter(([column, text]) => text !== this.start[column]);
      return new URLSearchParams(kept).toString().replaceAll("+", "%20");
    }

    pick(column, text) {
      if (text === null) delete this.row[column];
      else this.row[column] = text;
      this.update(true);
    }

    move(column, text) {
      this.row[column] = text;
      this.update(column);
    }

    forget(question) {
      ["yes", "of"].forEach((part) => delete this.row[`${question}.${part}`]);
    }

    fromShares(standard) {
      this.questionsOf[standard].forEach((question) => this.startShares(this.row, question.node, 65));
      delete this.row[standard];
      this.update(true);
    }

    hasReason(node) {
      return Boolean(node) && node.rule === "panel" && inspectlib.inputsOf(node).length > 0 && !node.binding;
    }

    // What people see. Everything that changes is registered as a watcher, and told what was found.

    build() {
      this.result = make("div", { class: "explorer-result", role: "status" });
      const controls = this.plan.domains.map((domain) =>
        make("section", {}, make("h2", {}, domain.title), ...domain.standards.map((each) => this.standard(each))));
      const others = this.plan.nodes.filter((node) =>
        inspectlib.takesEvidence(node) && node.kind !== "answers" && node.role === "other");
      if (others.length) controls.unshift(make("section", {}, ...others.map((node) => this.control(node, node.title))));
      this.computed = make("tbody");
      this.rowText = make("pre", { tabindex: "0", "aria-label": "The row of a table" });
      const again = make("button", { type: "button", onclick: () => { this.row = { ...this.start }; this.update(true); } },
        "Start again");
      this.root.querySelector(".explorer-waits").remove();
      this.root.append(
        this.result, again, ...controls,
        make("h2", {}, "What comes of it"),
        make("table", { class: "explorer-table" },
          make("thead", {}, make("tr", {}, ...["", "has", "because"].map((head) => make("th", { scope: "col" }, head || "Node")))),
          this.computed),
        make("h2", {}, "As a row of a table"),
        make("p", {}, "Save this as a CSV file, and inspectlib table rates it to the same."),
        this.rowText);
    }

    mark(node) {
      const mark = make("span", { class: "rating" });
      const reason = make("p", { class: "explorer-reason" });
      this.watchers.push((found) => {
        this.paint(mark, node, found[node.name]);
        reason.textContent = this.because(node, found);
      });
      return [mark, reason];
    }

    paint(mark, node, outcome) {
      mark.textContent = outcome.text;
      const settled = !inspectlib.isAbsent(outcome.value) && !inspectlib.isOpen(outcome.value);
      const graded = node.kind === "rating" && settled;
      mark.className = graded ? `rating grade-${node.grades[outcome.value]}` : "rating";
    }

    standard(standard) {
      const node = this.nodes[standard.node];
      if (node) return this.control(node, standard.title, this.questionsOf[standard.node]);
      const questions = this.questionsOf[standard.node];
      return make("fieldset", {}, make("legend", {}, standard.title),
        make("p", { class: "explorer-reason" }, questions.length ? "Not rated; shares are reported." : "Not rated."),
        ...questions.map((question) => this.question(question)));
    }

    control(node, title, questions = []) {
      const rated = node.kind === "rating";
      const open = node.missing === undefined || node.missing === inspectlib.OPEN ? [inspectlib.OPEN] : [];
      const options = rated ? [...node.ratings, ABSENT, ...open] : node.kind === "flag" ? ["no", "yes"] : node.options;
      const computes = questions.length > 0 && !inspectlib.takesEvidence(node);
      const parts = node.kind === "number" ? [this.number(node, title)] : [this.radios(node.name, options, computes)];
      if (computes) {
        const inside = make("div", { class: "explorer-questions" }, ...questions.map((each) => this.question(each)));
        this.watchers.push(() => { inside.hidden = node.name in this.row; });
        parts.push(inside);
      }
      if (this.hasReason(node)) parts.push(this.reason(node));
      if (node.role === "standard") parts.push(...this.mark(node));
      return make("fieldset", {}, make("legend", {}, title), ...parts);
    }

    radios(name, options, computes) {
      const radio = (label, checked, picked) => {
        const input = make("input", { type: "radio", name: `${this.plan.id} ${name}`, value: label, onchange: picked });
        this.watchers.push(() => { input.checked = checked(); });
        return make("label", {}, input, make("span", {}, label));
      };
      const made = options.map((label) => radio(label, () => this.row[name] === label, () => {
        if (computes) this.questionsOf[name].forEach((question) => this.forget(question.node));
        this.pick(name, label);
      }));
      if (computes) made.push(radio("from shares", () => !(name in this.row), () => this.fromShares(name)));
      return make("div", { class: "explorer-options" }, ...made);
    }

    number(node, title) {
      const said = make("span", { class: "explorer-reason", role: "alert" });
      const input = make("input", {
        type: node.step === null ? "text" : "number", inputmode: "decimal", "aria-label": title,
        min: node.bounds[0], max: node.bounds[1], step: node.step, onchange: () => {
          const fits = this.numberFits(node, input.value);
          said.textContent = fits ? "" : `It goes from ${node.bounds[0]} to ${node.bounds[1]}` +
            (node.step === null ? "." : ` in steps of ${node.step}.`);
          if (fits) this.pick(node.name, input.value);
        },
      });
      this.watchers.push(() => { if (document.activeElement !== input) input.value = this.row[node.name]; });
      return make("div", {}, input, said);
    }

    reason(node) {
      const input = make("input", {
        type: "checkbox", onchange: () => this.pick(`${node.name}.reason`, input.checked ? "recorded" : null),
      });
      this.watchers.push(() => { input.checked = Boolean(this.row[`${node.name}.reason`]); });
      return make("label", { class: "explorer-check" }, input, "the panel recorded a reason for going beyond its guide");
    }

    question(question) {
      const [yes, of] = [`${question.node}.yes`, `${question.node}.of`];
      const output = make("output");
      const range = make("input", {
        type: "range", min: "0", step: "1", "aria-label": `${question.title}: sufficient cases`,
        oninput: () => this.move(yes, range.value),
      });
      const cases = make("input", {
        type: "number", min: "0", max: "99999", "aria-label": `${question.title}: applicable cases`, oninput: () => {
          if (!/^[0-9]{1,5}$/.test(cases.value)) return;
          if (Number(this.row[yes]) > Number(cases.value)) this.row[yes] = String(Number(cases.value));
          this.move(of, String(Number(cases.value)));
        },
      });
      this.watchers.push((found, values) => {
        if (!(of in this.row)) return;
        range.max = this.row[of];
        range.value = this.row[yes];
        if (document.activeElement !== cases) cases.value = this.row[of];
        const share = values[this.shares[question.node]];
        const outcome = found[question.node];
        output.textContent = inspectlib.isAbsent(share) ? "applies to no case"
          : `${inspectlib.percent(share)} (${this.row[yes]} of ${this.row[of]})${outcome ? `: ${outcome.text}` : ""}`;
      });
      return make("div", { class: "explorer-question" }, make("span", {}, question.title), range,
        make("label", {}, "of ", cases, " cases"), output);
    }

    // Why a node has what it has, in a sentence.
    because(node, found) {
      const outcome = found[node.name];
      const said = (name) => `${this.nodes[name].title} is ${found[name].text}`;
      if (outcome.departs) return "The panel goes beyond its guide, with a recorded reason.";
      if (outcome.limitedBy) return `Limited: ${said(outcome.limitedBy)}.`;
      if (outcome.open) return this.waits(node, outcome);
      if (inspectlib.isAbsent(outcome.value)) return outcome.value.reason;
      if (!outcome.decidedBy.length) return "";
      const words = node.words && !inspectlib.isAbsent(outcome.value) ? `, ${node.words[outcome.value]}` : "";
      const many = outcome.decidedBy.length > 4;
      const because = many ? `from ${outcome.decidedBy.length} of its inputs` : outcome.decidedBy.map(said).join("; ");
      return `${because[0].toUpperCase()}${because.slice(1)}${words}.`;
    }

    // What is still open beneath a node, and whether that matters.
    waits(node, outcome) {
      if (this.row[node.name] === inspectlib.OPEN) return "Nothing is said of it yet.";
      const beneath = new Set([node.name]);
      for (const name of beneath) inspectlib.inputsOf(this.nodes[name]).forEach((start) => beneath.add(start));
      const missing = [...beneath].filter((name) => this.row[name] === inspectlib.OPEN).sort(this.byPlace);
      const titles = missing.map((name) => this.nodes[name].title).join(", ");
      return inspectlib.isOpen(outcome.value) ? `Still open: ${titles}.` : `Whatever comes of what is still open: ${titles}.`;
    }

    update(addressed) {
      const { found, values } = inspectlib.evaluate(this.plan, this.row);
      this.watchers.forEach((watch) => watch(found, values));
      this.sumUp(found);
      this.rows(found);
      const columns = Object.keys(this.row).filter((column) => this.row[column] !== inspectlib.OPEN).sort(this.byPlace);
      this.rowText.textContent = `${columns.join(",")}\n${columns.map((column) => this.row[column]).join(",")}`;
      // What is picked can be gone back from; how far something was moved is one step.
      if (addressed) {
        const moved = typeof addressed === "string" && addressed === this.moved;
        history[moved ? "replaceState" : "pushState"](null, "", `#${this.address()}`);
      }
      this.moved = addressed;
      this.root.dataset.ready = "yes";
    }

    sumUp(found) {
      const parts = [];
      const used = new Set(this.plan.nodes.flatMap(inspectlib.inputsOf));
      const ends = this.plan.nodes.filter((node) => node.role === "other" && !used.has(node.name));
      for (const node of ends) {
        const mark = make("span", { class: "rating" });
        this.paint(mark, node, found[node.name]);
        parts.push(make("p", {}, make("b", {}, `${node.title}: `), mark,
          node.name === "overall" && found.total ? ` ${this.nodes.total.title}: ${found.total.text}.` : ""));
      }
      for (const node of this.plan.nodes) {
        if (node.role !== "part" && found[node.name].limitedBy) {
          parts.push(make("p", {}, `${node.title} is limited to ${found[node.name].text}: `,
            `${this.nodes[found[node.name].limitedBy].title} is ${found[found[node.name].limitedBy].text}.`));
        }
      }
      this.result.replaceChildren(...(parts.length ? parts : [make("p", {}, "The framework gives no rating.")]));
    }

    rows(found) {
      this.computed.replaceChildren(...this.plan.nodes
        .filter((node) => node.role === "other" && !inspectlib.takesEvidence(node))
        .map((node) => {
          const mark = make("span", { class: "rating" });
          this.paint(mark, node, found[node.name]);
          return make("tr", {}, make("th", { scope: "row" }, node.title), make("td", {}, mark),
            make("td", {}, this.because(node, found)));
        }));
    }
  }

  const begin = () => document.querySelectorAll(".inspect-explorer").forEach((root) => { root.explorer = new Explorer(root); });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
