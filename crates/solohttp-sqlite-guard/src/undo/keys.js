// Presses the buttons of `undo.view()` on Control+Z and Control+Shift+Z (Command on macOS). Does
// nothing in text fields, where these keys undo typing, or while the page has unsaved input.
addEventListener("keydown", (event) => {
  const isMac = navigator.platform.startsWith("Mac");
  const key = event.key.toLowerCase();
  if (event.defaultPrevented || event.altKey || !(isMac ? event.metaKey : event.ctrlKey)) return;
  const isAgain = (key === "z" && event.shiftKey) || (key === "y" && !isMac && !event.shiftKey);
  if (key !== "z" && !isAgain) return;
  const others = "button,checkbox,color,file,image,radio,range,reset,submit";
  const typed = others.split(",").map((type) => `:not([type=${type}])`).join("");
  if (event.target.closest?.(`input${typed},textarea,[contenteditable]`)) return;
  const isTyped = (field) => field.type !== "hidden" && field.value !== field.defaultValue;
  if ([...document.querySelectorAll("input,textarea")].some(isTyped)) return;
  const path = isAgain ? "/__undo/again" : "/__undo/back";
  const button = document.querySelector(`#solo-undo [formaction="${path}"]:enabled`);
  if (!button) return;
  event.preventDefault();
  if (!event.repeat) button.click();
});
