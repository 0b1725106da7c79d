addEventListener("input", function (event) {
  var form = event.target.form;
  if (form && form.classList.contains("solo-form")) form.dataset.changed = "yes";
});
addEventListener("submit", function (event) {
  delete event.target.dataset.changed;
});
addEventListener("beforeunload", function (event) {
  if (document.querySelector(".solo-form[data-changed]")) event.preventDefault();
});
