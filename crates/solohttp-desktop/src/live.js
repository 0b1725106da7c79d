// Keeps the open pages of a program up to date, and says so when the program has ended.
//
// Events name what has changed. The page then fetches itself again and updates the elements that
// show it, so no event has to be replayed. Comments and indentation are not sent.
"use strict";
(() => {
  // A streamed page may contain the script as well.
  if (window.solohttpDesktop) return;
  window.solohttpDesktop = true;

  const { title, words } = document.currentScript.dataset;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const now = () => performance.now();

  // One stream for all tabs, because browsers open only six connections to a host. The tab with
  // the lock has the stream. Once it is closed or left, the next tab gets the lock.

  let channel, abort, release, stream, retryAt;

  function join() {
    if (!navigator.locks) return connect();
    const name = "solohttp-desktop";
    channel = new BroadcastChannel(name);
    channel.onmessage = ({ data: [type, data] }) => receive[type](data);
    abort = new AbortController();
    const lead = () => new Promise((done) => connect((release = done)));
    navigator.locks.request(name, { signal: abort.signal }, lead).catch(() => {});
    ask();
  }

  // Pages that are kept for the Back button have neither lock nor stream.
  function leave() {
    abort?.abort();
    release?.();
    stream?.close();
    channel?.close();
    release = 0;
  }

  function connect() {
    stream = new EventSource("/__desktop/events");
    for (const type of ["hello", "changed", "reload", "quit"]) {
      stream.addEventListener(type, ({ data }) => tell(type, data));
    }
    stream.onerror = () => {
      // Every refusal is logged.
      retryAt = stream.readyState === 2 ? now() + 3000 : 0;
      stream.close();
      tell("lost");
    };
  }

  // Tells all tabs.
  function tell(type, data) {
    channel?.postMessage([type, data]);
    receive[type]?.(data);
  }

  const ask = () => (release || !channel ? receive.ask() : tell("ask"));

  // The page shows at least what had changed until `current`; from the browser's cache, nothing.
  const [visit] = performance.getEntriesByType("navigation");
  let current = visit.type === "back_forward" ? -Infinity : visit.requestStart;
  let changedAt, lostAt, timer, banner, isGone;

  const receive = {
    ask() {
      if (!release && channel) return;
      if (stream.readyState === 1) tell("hello", "0 " + (now() - changedAt));
      else if (stream.readyState === 2 && now() > retryAt) connect();
    },
    // How many milliseconds ago something changed follows the number of the program's start. No
    // program starts unnoticed, because the stream is lost.
    hello(data) {
      const age = data.split(" ")[1];
      if (lostAt || !(age > now() - current)) due.add("[data-live]");
      clearInterval(timer);
      banner?.remove();
      lostAt = isGone = 0;
      current = now();
      changedAt = current - age;
      refresh();
    },
    changed(names) {
      current = changedAt = now();
      for (const name of names.split("\n")) {
        due.add(name === "*" ? "[data-live]" : `[data-live~=${JSON.stringify(name)}]`);
      }
      refresh();
    },
    // The stream broke, or could not be opened: while the program is only busy, that waits.
    lost() {
      if (now() - lostAt > 2000) end();
      if (lostAt) return;
      lostAt = now();
      timer = setInterval(ask, 500);
      ask();
    },
    quit() {
      setTimeout(end, 500);
      window.close();
    },
    // In debug builds: the file that has changed.
    reload(file) {
      if (file.endsWith(".css")) {
        for (const link of all("link[rel=stylesheet]")) link.href = link.href.split("?")[0] + "?" + now();
      } else if (fields().some(isChanged)) receive.changed("*");
      else location.reload();
    },
  };

  function end() {
    if (!isGone) announce();
    isGone = true;
  }

  // Screen readers read an alert when it is inserted. A popover is above modal dialogs.
  function announce() {
    banner?.remove();
    banner = document.createElement("div");
    banner.setAttribute("role", "alert");
    banner.popover = "manual";
    banner.style.cssText =
      "position:fixed;inset:0 0 auto;z-index:9999;width:auto;margin:0;border:0;padding:.8em;" +
      "background:#8c1d18;color:#fff;font:1rem system-ui;text-align:center";
    banner.textContent = JSON.parse(words).ended.replace("{title}", () => title);
    document.body.prepend(banner);
    banner.showPopover?.();
  }

  // Selectors of what has changed and is not yet fetched.
  const due = new Set();
  let isBusy;

  async function refresh() {
    if (isBusy || lostAt || document.hidden || !due.size) return;
    const selectors = [...due];
    due.clear();
    const elements = all(selectors).filter((it) => it.id);
    if (!elements[0]) return;
    isBusy = true;
    const pause = new Promise((done) => setTimeout(done, 250));
    // A prefetch does not use up messages that are shown only once.
    const headers = { accept: "text/html", purpose: "prefetch" };
    const html = await fetch(location, { headers, redirect: "manual", cache: "no-cache" })
      .then((response) => response.ok && response.text())
      .catch(() => selectors.forEach(due.add, due));
    try {
      if (html) update(elements, new DOMParser().parseFromString(html, "text/html"));
    } finally {
      await pause;
      isBusy = false;
    }
    // Unless the program cannot be reached: then the next event tries again.
    if (html !== undefined) refresh();
  }

  const fields = () => all("input,select,textarea");

  function isChanged(it) {
    if (!it.options) return it.value !== it.defaultValue || it.checked !== it.defaultChecked;
    const hasDefault = it.multiple || it.querySelector("[selected]");
    return [...it.options].some(
      (option, index) => option.selected !== (hasDefault ? option.defaultSelected : !index),
    );
  }

  // Fields that stay: those that the user has changed or is in, with the other buttons of a group
  // and the hidden fields of the form, which may say what the user has seen.
  let kept;

  function update(elements, page) {
    kept = fields().filter(
      (it) => isChanged(it) || (it === document.activeElement && it.matches("select,:read-write")),
    );
    const others = all("[type=hidden],[type=radio]").filter((other) =>
      kept.some((it) => it.form === other.form && (other.type === "hidden" || it.name === other.name)),
    );
    kept = new Set([...kept, ...others]);
    for (const element of elements) {
      const wanted = page.getElementById(element.id);
      if (wanted) morph(element, wanted);
    }
  }

  function morph(from, to) {
    if ("open" in from) to.toggleAttribute("open", from.open);
    if (kept.has(from) || from.isEqualNode(to)) return;
    if (from.nodeName !== to.nodeName) return from.replaceWith(to);
    for (const { name } of [...from.attributes]) {
      if (!to.hasAttribute(name)) from.removeAttribute(name);
    }
    for (const it of to.attributes) {
      if (from.getAttribute(it.name) !== it.value) from.setAttributeNode(it.cloneNode());
    }
    if (from.matches("input,textarea")) {
      from.defaultValue = to.defaultValue;
      if (from.value !== to.value) from.value = to.value;
      from.checked = to.checked;
    } else if (from.matches("select")) from.replaceChildren(...to.childNodes);
    else if (!from.matches("iframe,video,audio,canvas,object,[contenteditable]")) {
      morphChildren(from, to);
    }
  }

  const isTyped = (node) =>
    [...kept].some((it) => it.value !== it.defaultValue && node.contains(it));

  // What an element is recognized by: its key, the name of the first thing in it, or its kind.
  const marks = [
    (node) => node.id || node.dataset.key,
    (node) => {
      const marked = "[id],[data-key],[name],form,a[href]";
      const it = node.matches(marked) ? node : node.querySelector(marked);
      const value = /hidden|checkbox|radio/.test(it?.type) && it.value;
      const names = ["id", "data-key", "name", "action", "href"];
      return it && [node.nodeName, value, ...names.map((name) => it.getAttribute(name))].join();
    },
    (node) =>
      !marks[0](node) &&
      !(node.matches("form,select,:read-write") && isTyped(node)) &&
      node.nodeName + node.getAttribute("type"),
  ];

  function morphChildren(from, to) {
    const matches = new Map();
    const rest = new Set(from.children);
    for (const mark of marks) {
      const olds = {};
      for (const old of rest) (olds["#" + mark(old)] ||= []).push(old);
      for (const node of to.children) {
        const key = !matches.has(node) && mark(node);
        const old = key && olds["#" + key]?.shift();
        if (old) matches.set(node, old);
        rest.delete(old);
      }
    }
    // What has been typed stays, even if its place is gone.
    for (const node of [...from.childNodes]) {
      if (node.nodeType !== 1 || (rest.has(node) && !isTyped(node))) node.remove();
    }
    let next = from.firstChild;
    for (const node of [...to.childNodes]) {
      const old = matches.get(node);
      while (rest.has(next)) next = next.nextSibling;
      if (!old) from.insertBefore(node, next);
      else if (old === next) next = next.nextSibling;
      else (from.moveBefore || from.insertBefore).call(from, old, next);
      if (old) morph(old, node);
    }
  }

  function stop(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    announce();
  }

  // Another site would replace the program in its window.
  function follow(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button > 1) return;
    if (link.origin === location.origin) {
      if (isGone && !link.hash) stop(event);
    } else if (/^(https?|mailto):/.test(link.href)) {
      if (matchMedia("not (display-mode: browser)").matches) {
        event.preventDefault();
        const body = new URLSearchParams({ url: link.href });
        fetch("/__desktop/open", { method: "POST", body });
      } else {
        link.target = "_blank";
        link.relList.add("noopener");
      }
    }
  }

  // What is sent to a program that has ended would be lost, with all that has been typed.
  function send(event) {
    const isSent = event.target.getAttribute("method") !== "dialog";
    if (isSent && (isGone || lostAt)) stop(event);
  }

  const listen = addEventListener;
  listen("click", follow);
  listen("auxclick", follow);
  listen("submit", send, true);
  listen("visibilitychange", refresh);
  listen("pagehide", leave);
  listen("pageshow", ({ persisted }) => {
    if (!persisted) return;
    current = -Infinity;
    join();
  });
  join();
})();
