// What the site does beyond plain pages. Everything works without it.

// A privacy form carries a token that holds once and for minutes; take a new one when it is sent.
for (const form of document.querySelectorAll("form[data-fresh-token]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await fetch("/privet-token");
      if (answer.status === 200) form.elements.token.value = (await answer.json()).token;
    } finally {
      form.submit();
    }
  });
}

// Each problem is answered once, however often the button is pressed.
for (const form of document.querySelectorAll("main form[method=post]:not([data-fresh-token])")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// A transcript is no media event, so the site reports it itself; without consent nothing is sent.
for (const transcript of document.querySelectorAll("details[data-transcript]")) {
  transcript.addEventListener("toggle", () => {
    const name = transcript.open ? "show_transcript" : "hide_transcript";
    window.privet?.track(name, { id: transcript.dataset.transcript });
  });
}

// An experiment: the way on as a link, or drawn by Privet for those who allow it, as a button.
const resume = document.querySelector("[data-resume]");
if (resume) {
  window.privet?.variant("resume-link").then((form) => {
    resume.classList.toggle("button", form === "button");
  });
}

// The workbench: an error on purpose, and pages that change in place.
document.getElementById("fail")?.addEventListener("click", () => {
  document.getElementById("failed").textContent = "It failed, as it should.";
  throw new TypeError("The workbench was asked to fail");
});
for (const button of document.querySelectorAll("[data-route]")) {
  button.addEventListener("click", () => {
    history.pushState({}, "", button.dataset.route);
    document.title = `${button.textContent} · Workbench`;
    document.getElementById("route").textContent = `You are at ${location.pathname} now.`;
  });
}

// How a unit is read: applied at once, and kept only for those who allow functionality.
const reading = document.getElementById("reading");
if (reading) {
  const text = document.getElementById("text");
  const status = reading.querySelector("[role=status]");
  const draw = ({ size, colour }) => {
    text.classList.toggle("large", size === "large");
    text.classList.toggle("warm", colour === "warm");
    for (const [name, value] of Object.entries({ size, colour })) reading.elements[name].value = value;
  };
  const usual = { size: "usual", colour: "usual" };
  const recall = () => draw({ ...usual, ...window.privet?.prefs?.get("reading") });
  let wanted;
  const keep = () => {
    const isKept = window.privet?.prefs?.set("reading", wanted);
    status.textContent = isKept ? "Kept for your next visit." : "For this page only: to keep it, allow Functionality.";
  };
  reading.addEventListener("change", () => {
    wanted = Object.fromEntries(new FormData(reading));
    draw(wanted);
    keep();
  });
  // What is allowed may be known only after somebody has chosen how to read.
  document.addEventListener("privet:decision", () => (wanted ? keep() : recall()));
  recall();
  reading.hidden = false;
}
