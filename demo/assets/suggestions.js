// Courses that learners like this one continued with, asked of Privet in the learner's name.
// Who allows none gets none: then the card stays away.
const card = document.getElementById("suggested");
const address = `/api/v1/recommendations?site=${card.dataset.site}`;
const lines = [...card.querySelectorAll("[data-course]")];
const [off, on] = ["off", "on"].map((name) => card.querySelector(`[data-suggest=${name}]`));

const ask = async (method) => {
  const token = await fetch("/privet-token");
  if (token.status !== 200) return undefined;
  const headers = { Authorization: `Bearer ${(await token.json()).token}` };
  const answer = await fetch(address, { method, headers });
  return answer.ok ? answer.json() : undefined;
};

const titleOf = (course) =>
  lines.find((line) => line.dataset.course === course)?.querySelector("a").textContent;

const reasonOf = ({ reason, because }) =>
  reason === "because" ? `because you took ${titleOf(because) ?? "another course"}` : "many learners took it";

const show = (said) => {
  const others = (said?.suggestions ?? []).filter((one) => one.course !== card.dataset.here);
  const found = new Map(others.map((one) => [one.course, one]));
  for (const line of lines) {
    const one = found.get(line.dataset.course);
    line.hidden = !one;
    if (one) line.querySelector("[data-reason]").textContent = reasonOf(one);
  }
  const isOff = said?.off_because === "objected";
  card.hidden = !isOff && !lines.some((line) => !line.hidden);
  card.querySelector("[data-off]").hidden = on.hidden = !isOff;
  off.hidden = isOff;
};

off.addEventListener("click", async () => show(await ask("DELETE")));
on.addEventListener("click", async () => {
  await ask("POST");
  show(await ask("GET"));
});
show(await ask("GET"));
