// Keeps the open pages of a program up to date, and shows a message when the program has ended.
//
// An event names what has changed. The page then fetches itself again and updates the elements with
// that name, so no event has to be replayed. Comments and spaces are removed before the script is
// sent.
(() => {
  // Replaced by the message in the application's language.
  const ended = "ENDED";
  const all = selector => [...document.querySelectorAll(selector)];
  const now = () => performance.now();
  const parse = html => new DOMParser().parseFromString(html, "text/html");

  // All tabs share one stream, because browsers open only six connections to a host. The tab with
  // the lock has the stream. When that tab is closed or leaves the page, the next one gets the
  // lock.

  let channel, abort, stream, retryAt;

  function join() {
    abort = new AbortController();
    if (!navigator.locks) return connect();
    channel = new BroadcastChannel("__desktop");
    channel.onmessage = ({ data: [type, data] }) => on[type](data);
    const lead = () => {
      connect();
      return new Promise(done => (abort.signal.onabort = done));
    };
    navigator.locks.request("__desktop", { signal: abort.signal }, lead).catch(() => {});
    tell("ask");
  }

  // Pages in the back/forward cache have neither the lock nor a stream.
  function leave() {
    abort.abort();
    channel?.close();
    stream?.close();
    stream = undefined;
    current = -Infinity;
  }

  function connect() {
    stream = new EventSource("/__desktop/events");
    for (const type in on) stream.addEventListener(type, ({ data }) => tell(type, data));
    stream.onerror = () => {
      // The server logs each rejected request, so retries should be rare.
      retryAt = stream.readyState === 2 ? now() + 3000 : 0;
      stream.close();
      tell("lost");
    };
  }

  // Passes an event to all tabs.
  function tell(type, data) {
    channel?.postMessage([type, data]);
    on[type](data);
  }

  // The page shows all changes up to this time. A page from the browser's cache may be outdated.
  const [visit] = performance.getEntriesByType("navigation");
  let current = visit?.type === "back_forward" ? -Infinity : visit?.requestStart;
  let changedAt, lostAt, timer, banner;
  let losses = 0;

  const on = {
    // Another tab asks for the state of the stream, or asks to reopen it.
    ask() {
      const state = stream?.readyState;
      if (state === 1) tell("hello", "0 " + (now() - changedAt));
      if (state === 2 && now() > retryAt) connect();
    },
    // `data` contains a number that identifies this run of the program, and the milliseconds since
    // the last change. The first number isn't needed, because the stream always breaks when the
    // program ends.
    hello(data) {
      const age = data.split(" ")[1];
      if (losses || !(age > now() - current)) due.add("[data-live][id]");
      clearInterval(timer);
      banner = banner?.remove();
      losses = 0;
      current = now();
      changedAt = current - age;
      refresh();
    },
    changed(names) {
      current = changedAt = now();
      for (const name of names.split("\n")) due.add(`[data-live~=${JSON.stringify(name)}][id]`);
      refresh();
    },
    // The stream broke or couldn't be opened. If the program is merely busy, the stream waits
    // instead.
    lost() {
      if (!losses++) {
        lostAt = now();
        timer = setInterval(tell, 500, "ask");
        tell("ask");
      } else if (now() - lostAt > 2000 && !banner) announce();
    },
    quit() {
      setTimeout(announce, 500);
      close();
    },
    // A template or style sheet has changed. Sent only in debug builds.
    reload() {
      if (!edited()[0]) return location.reload();
      due.add("[data-live][id]");
      refresh();
    },
  };

  // Screen readers read an alert when it is inserted, unless it is behind a modal dialog.
  function announce() {
    banner?.remove();
    banner = document.createElement("div");
    banner.setAttribute("role", "alert");
    banner.style.cssText =
      "position:fixed;inset:0 0 auto;z-index:999;padding:1em;background:#911;color:#fff";
    banner.textContent = ended;
    (document.querySelector("dialog:modal") || document.body).prepend(banner);
  }

  // Selectors of the elements that have changed and haven't been fetched yet.
  const due = new Set();
  let isBusy;

  function refresh() {
    if (isBusy || losses || document.hidden || !due.size) return;
    const selectors = [...due];
    due.clear();
    // A live element inside another one is updated along with it.
    const elements = all(selectors).filter(it => !it.parentElement?.closest(selectors));
    if (!elements[0]) return;
    isBusy = true;
    // Sent as a prefetch, which doesn't use up messages that are shown only once.
    const headers = { accept: "text/html", purpose: "prefetch" };
    const load = fetch(location, { headers, redirect: "manual" })
      .then(response => response.ok && response.text())
      .then(html => html && update(elements, html));
    Promise.allSettled([load, new Promise(done => setTimeout(done, 250))]).then(() => {
      isBusy = false;
      refresh();
    });
  }

  const isTyped = it => it.value !== it.defaultValue && !/checkbox|radio/.test(it.type);

  // The default of a drop-down list is its first option, unless another one is marked.
  const edited = () =>
    all("input,select,textarea").filter(it =>
      it.options
        ? (it.multiple || it.selectedIndex > 0 || it.querySelector("[selected]")) &&
          [...it.options].some(one => one.selected !== one.defaultSelected)
        : isTyped(it) || it.checked !== it.defaultChecked,
    );

  // Fields that aren't updated: those that the user has changed or that have focus, and the radio
  // buttons and hidden fields of their forms. Hidden fields may contain the version that the user
  // has seen.
  let kept;

  function update(elements, html) {
    const page = parse(html);
    const { activeElement } = document;
    kept = edited();
    if (activeElement.matches("select,:read-write")) kept.push(activeElement);
    const forms = new Set(kept.map(it => it.form));
    const others = all("[type=hidden],[type=radio]").filter(it => forms.has(it.form));
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
    for (const name of from.getAttributeNames()) {
      if (!to.hasAttribute(name)) from.removeAttribute(name);
    }
    for (const it of to.attributes) {
      if (from.getAttribute(it.name) !== it.value) from.setAttributeNode(it.cloneNode());
    }
    if (from.matches("input,textarea")) {
      from.textContent = to.textContent;
      if (from.value !== to.value) from.value = to.value;
      from.checked = to.checked;
    } else if (from.matches("select")) from.replaceChildren(...to.childNodes);
    else if (!from.matches("iframe,video,audio,canvas,[contenteditable]")) {
      morphChildren(from, to);
    }
  }

  // The ways to match an old element with a new one: by its key, by the first name or link in it,
  // or by its kind.
  const marks = [
    node => node.id || node.dataset.key,
    node => {
      const marked = "[id],[data-key],[name],form,a[href]";
      const it = node.matches(marked) ? node : node.querySelector(marked);
      return it && node.nodeName + it.cloneNode().outerHTML;
    },
    node =>
      !marks[0](node) &&
      node.nodeName + ["type", "name", "action"].map(name => node.getAttribute(name)),
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
    // Elements with typed text stay, even if the new page no longer has them.
    const stays = node => [...kept].some(it => isTyped(it) && node.contains(it));
    for (const node of [...from.childNodes]) {
      if (rest.has(node) ? !stays(node) : node.nodeType !== 1) node.remove();
    }
    let next = from.firstChild;
    for (const node of [...to.childNodes]) {
      const old = matches.get(node);
      while (rest.has(next)) next = next.nextSibling;
      if (old === next) next = next.nextSibling;
      else if (old && from.moveBefore) from.moveBefore(old, next);
      else from.insertBefore(old || node, next);
      if (old) morph(old, node);
    }
  }

  function stop(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    announce();
  }

  // A form sent to a program that has ended would be lost, along with the user's input.
  function send(event) {
    if ((banner || losses > 1) && event.target.getAttribute("method") !== "dialog") stop(event);
  }

  // The buttons that change the rows of a form (see solohttp-forms) work without loading the page.
  // If anything fails, the form is sent in the usual way.
  async function changeRows(event) {
    const { target: form, submitter } = event;
    if (
      event.defaultPrevented ||
      submitter?.name !== ":row" ||
      submitter === sentPlainly ||
      document.querySelector(".form-errors")
    ) {
      return;
    }
    event.preventDefault();
    // Input during the request would be lost, and a second click would change the old rows.
    const inert = on => form.toggleAttribute("inert", on);
    const body = new FormData(form);
    body.append(submitter.name, submitter.value);
    inert(true);
    try {
      const response = await fetch(submitter.formAction, { method: "post", body });
      const changed = parse(await response.text()).forms[[...document.forms].indexOf(form)];
      if (!response.ok || !changed.querySelector("[name=':row']")) throw response;
      form.replaceWith(changed);
      changed.querySelector("[autofocus]")?.focus();
      // Tells scripts that the form has unsaved input.
      changed.dispatchEvent(new Event("input", { bubbles: true }));
    } catch {
      inert(false);
      sentPlainly = submitter;
      // During the event, this would do nothing.
      setTimeout(() => form.requestSubmit(submitter));
    }
  }

  let sentPlainly;

  // A link to another site would replace the program in its window.
  function follow(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented) return;
    if (link.origin === location.origin) {
      if (banner) stop(event);
    } else if (/^(https?|mailto):$/.test(link.protocol)) {
      if (matchMedia("not (display-mode: browser)").matches) {
        event.preventDefault();
        navigator.sendBeacon("/__desktop/open", new URLSearchParams({ url: link.href }));
      } else {
        // Implies `noopener`.
        link.target ||= "_blank";
      }
    }
  }

  const listen = addEventListener;
  listen("submit", send, true);
  listen("submit", changeRows);
  listen("click", follow);
  listen("visibilitychange", refresh);
  listen("pagehide", leave);
  listen("pageshow", ({ persisted }) => persisted && join());
  join();
})();
