// A leader's page that works while there is no network: it shows the code of the moment from those it has
// brought along, and keeps notes of who came and went on this phone until the server knows of them.
const door = document.querySelector("[data-codes]");
const field = document.querySelector("textarea[name=notes]");
const key = `notes of shift ${door.dataset.shift}`;
const ahead = Number(door.dataset.now) * 1000 - Date.now(); // a phone's clock may be wrong

function showCode() {
  const slot = Math.floor((Date.now() + ahead) / 1000 / door.dataset.every);
  const first = Math.floor(door.dataset.first / door.dataset.every);
  const code = door.dataset.codes.slice((slot - first) * 6, (slot - first + 1) * 6);
  door.hidden = slot < first || code === "";
  door.textContent = `${code.slice(0, 3)} ${code.slice(3)}`;
}

function minute() {
  const at = new Date(Date.now() + ahead);
  const parts = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" };
  return at.toLocaleTimeString("en-GB", parts);
}

function isKnown(line) {
  const [, number, what] = line.match(/^(\d+)\s*(到|走)/) ?? [];
  const state = document.querySelector(`[data-sign-up="${number}"]`)?.dataset.state;
  return state === "left" || (state === "present" && what === "到");
}

function keep() {
  localStorage.setItem(key, field.value);
}

if (field.value === "") field.value = localStorage.getItem(key) ?? "";
field.value = field.value.split("\n").filter((line) => !isKnown(line)).join("\n");
keep();
field.addEventListener("input", keep);
for (const row of document.querySelectorAll("[data-sign-up]")) {
  row.hidden = false;
  for (const button of row.querySelectorAll("[data-note]")) {
    button.addEventListener("click", () => {
      const begin = `${row.dataset.signUp} ${button.dataset.note} `;
      const others = field.value.split("\n").filter((line) => line && !line.startsWith(begin));
      field.value = [...others, begin + minute()].join("\n");
      button.setAttribute("aria-pressed", "true");
      keep();
    });
  }
}
showCode();
setInterval(showCode, 1000);
