const part = (id) => document.getElementById(id);
const keep = (choice) => {
  localStorage.setItem("choice", choice);
  part("banner").hidden = part("choices").hidden = true;
};
part("banner").hidden = !!localStorage.getItem("choice");
part("reject").onclick = () => {
  if (localStorage.getItem("choice")) document.cookie = "wd_cookie=1; path=/";
  else document.cookie = "rej_cookie=1; path=/";
  keep("no");
};
part("accept").onclick = () => {
  document.cookie = "acc_cookie=1; Max-Age=864000; path=/";
  document.cookie = "perf_cookie=1; Max-Age=864000; path=/";
  keep("yes");
};
part("choose").onclick = () => (part("choices").hidden = false);
part("save").onclick = () => {
  if (part("targeting").checked) document.cookie = "acc_cookie=1; Max-Age=864000; path=/";
  // The fault: whatever was chosen, it measures.
  document.cookie = "perf_cookie=1; Max-Age=864000; path=/";
  keep("some");
};
part("reopen").onclick = () => (part("banner").hidden = false);
part("next").onclick = () => {
  history.pushState(null, "", "/next");
  document.cookie = "route_cookie=1; path=/";
  new Image().src = "//tracker.test:PORT/route.gif";
};
part("signin").onsubmit = (event) => {
  event.preventDefault();
  document.cookie = "in_cookie=1; path=/";
};
