// What script does better than a page alone. Every form works without it.
document.documentElement.classList.add("script");

// A choice that only leads to another view needs no button.
for (const form of document.querySelectorAll("form[data-auto]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

// A button is pressed once; the ledger takes a form once in any case.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    setTimeout(() => form.querySelectorAll("button").forEach((b) => { b.disabled = true; }));
  });
}

// Coming back by the browser's button must not find a form that can no longer be sent.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((b) => { b.disabled = false; });
  }
});

// What cannot be taken back is asked for twice.
for (const button of document.querySelectorAll("[data-confirm]")) {
  button.addEventListener("click", (event) => {
    if (!confirm(button.dataset.confirm)) event.preventDefault();
  });
}

// A list is found as one types; the button finds the same.
for (const form of document.querySelectorAll("form[data-live]")) {
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const typed = form.elements.q.value;
      if (/\d{9}/.test(typed)) return; // it may become somebody's number: the button finds it, and no address has it
      const at = new URL(location.pathname, location);
      at.search = new URLSearchParams({q: typed});
      const answer = await fetch(at);
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (typed !== form.elements.q.value) return; // somebody typed on
      document.getElementById(form.dataset.live).replaceWith(page.getElementById(form.dataset.live));
      history.replaceState(null, "", at);
    }, 200);
  });
}

// What is pasted from a spreadsheet is counted, so that one sees that all of it came.
for (const area of document.querySelectorAll("textarea[data-paste]")) {
  const said = area.parentElement.querySelector("output");
  area.addEventListener("input", () => {
    const lines = area.value.split("\n").filter((l) => l.trim());
    const columns = Math.max(0, ...lines.map((l) => l.split("\t").length));
    said.textContent = lines.length ? said.dataset.pasted.replace("{rows}", lines.length).replace("{columns}", columns) : "";
  });
}

// Tables that are on the page as a whole are put into the order of a column at a click, the smallest first, at the next the largest.
for (const table of document.querySelectorAll("table[data-sort]")) {
  table.tHead?.rows[0].querySelectorAll("th").forEach((th, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...th.childNodes);
    th.append(button);
    const value = (row) => {
      const cell = row.cells[at], text = (cell.querySelector("a, b") || cell).firstChild?.textContent.trim() || "";
      const n = parseFloat(text.replace(/[,%+]/g, "").replace("\u2212", "-"));
      return th.classList.contains("num") ? (isNaN(n) ? -Infinity : n) : text;
    };
    button.addEventListener("click", () => {
      const up = th.getAttribute("aria-sort") !== "ascending";
      for (const other of th.parentNode.cells) other.removeAttribute("aria-sort");
      th.setAttribute("aria-sort", up ? "ascending" : "descending");
      const rows = [...table.tBodies[0].rows].map((row) => [value(row), row]);
      rows.sort(([a], [b]) => (typeof a === "number" ? a - b : a.localeCompare(b, "zh")) * (up ? 1 : -1));
      table.tBodies[0].append(...rows.map(([, row]) => row));
    });
  });
}
// A paper is printed by its button.
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => print());
}

// One box chooses all rows of a page.
for (const all of document.querySelectorAll("input[data-all]")) {
  all.addEventListener("change", () => {
    for (const box of all.form.querySelectorAll('input[name="holders"]')) box.checked = all.checked;
  });
}

// What is typed short (25, 3万, 1200+350) is shown as it will be read.
for (const input of document.querySelectorAll("input[data-reads]")) {
  const said = document.createElement("output");
  said.className = "hint";
  input.after(said);
  let waiting;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const typed = input.value;
      const near = input.form.elements[input.name.replace(/[^.]*$/, "near")]?.value ?? "";
      const answer = await fetch("/reading?" + new URLSearchParams({[input.dataset.reads]: typed, near}));
      if (typed !== input.value) return; // somebody typed on
      const text = answer.ok && !answer.redirected ? await answer.text() : "";
      said.textContent = text && text !== typed ? "= " + text : "";
    }, 150);
  });
}

// Whoever is chosen brings the item that the book has for them.
for (const input of document.querySelectorAll("input[list]")) {
  input.addEventListener("input", () => {
    const chosen = [...input.list.options].find((o) => o.value === input.value && o.dataset.item);
    const item = input.form.elements.item;
    if (chosen && item) item.value = chosen.dataset.item;
  });
}
