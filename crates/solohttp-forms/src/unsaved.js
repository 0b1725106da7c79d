// Avoids the properties of form elements, because a field with the same name would hide them.
(function () {
  var changed = new Set();
  addEventListener("input", function (event) {
    var form = event.target.closest(".solo-form");
    if (form) changed.add(form);
  });
  addEventListener("submit", function (event) {
    changed.delete(event.target);
  });
  addEventListener("beforeunload", function (event) {
    changed.forEach(function (form) {
      if (document.documentElement.contains(form)) event.preventDefault();
    });
  });
})();
