// Uses no properties of a form, because fields with the same name hide them.
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
