// Saves each answer as it is given, and keeps what could not be saved in this tab's own storage.
// The pages are complete without this file.
"use strict";

(() => {
  const PREFIX = "rutin-unsent-";
  const RETRY_SECONDS = [2, 4, 8, 15];
  const marked = document.querySelector("[data-draft]");
  if (!marked) return;
  const key = PREFIX + marked.dataset.draft;
  // On a shared device nothing outlives the page.
  const storage = "kiosk" in document.currentScript.dataset ? null : sessionStorage;

  // A tab may have been used for another link before: those answers are not this person's.
  for (const name of Object.keys(storage ?? {})) {
    if (name.startsWith(PREFIX) && (name !== key || "forget" in marked.dataset)) {
      storage.removeItem(name);
    }
  }
  const form = document.querySelector("form[data-save]");
  if (!form) return;

  const stateBox = form.querySelector("[data-save-state]");
  const answeredText = document.querySelector("[data-answered]");
  const progressBar = document.querySelector("progress");
  let unsent = JSON.parse(storage?.getItem(key) || "{}");
  let sending = null;
  let failures = 0;
  let timer = null;

  const isEmpty = (object) => Object.keys(object).length === 0;
  const answeredHere = () => form.querySelectorAll(".statement :checked").length;
  const answeredElsewhere = answeredText ? Number(answeredText.textContent) - answeredHere() : 0;

  function showState(name) {
    for (const line of stateBox.querySelectorAll("[data-state]")) {
      line.hidden = line.dataset.state !== name;
    }
  }

  function showProgress() {
    if (!answeredText) return;
    const answered = answeredElsewhere + answeredHere();
    answeredText.textContent = String(answered);
    progressBar.value = answered;
  }

  function keep() {
    if (isEmpty(unsent)) storage?.removeItem(key);
    else storage?.setItem(key, JSON.stringify(unsent));
  }

  function body(answers) {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    // Says that the questions were open before the survey closed; the server checks it.
    if (form.elements.shown) data.set("shown", form.elements.shown.value);
    for (const [name, value] of Object.entries(answers)) data.set(name, value);
    return data;
  }

  function retryLater() {
    const seconds = RETRY_SECONDS[Math.min(failures, RETRY_SECONDS.length - 1)];
    failures += 1;
    clearTimeout(timer);
    timer = setTimeout(send, seconds * 1000);
    showState("offline");
  }

  async function post() {
    const sent = { ...unsent };
    showState("saving");
    let response;
    try {
      response = await fetch(form.dataset.save, { method: "POST", body: body(sent), keepalive: true });
    } catch {
      retryLater();
      return false;
    }
    if (response.redirected) {
      location.assign(response.url); // submitted or closed meanwhile, perhaps on another device
      return false;
    }
    if (response.status >= 500 || response.status === 429) {
      retryLater();
      return false;
    }
    if (!response.ok) {
      showState("refused");
      return false;
    }
    for (const [name, value] of Object.entries(sent)) {
      if (unsent[name] === value) delete unsent[name];
    }
    failures = 0;
    keep();
    showState("saved");
    return true;
  }

  // One request at a time, so that an older answer can never arrive after a newer one.
  async function send() {
    while (sending) await sending;
    if (isEmpty(unsent)) {
      showState("saved");
      return true;
    }
    sending = post();
    const isSaved = await sending;
    sending = null;
    return isSaved && !isEmpty(unsent) ? send() : isSaved;
  }

  form.addEventListener("change", (event) => {
    const { name, value, type } = event.target;
    if (type !== "radio") return;
    unsent[name] = value;
    keep();
    showProgress();
    send();
  });

  form.addEventListener("submit", async (event) => {
    if (isEmpty(unsent) && navigator.onLine) return;
    event.preventDefault();
    const isSaved = navigator.onLine && (await send());
    if (isSaved) form.requestSubmit(event.submitter);
    else if (!navigator.onLine) retryLater();
  });

  window.addEventListener("online", send);
  window.addEventListener("offline", () => showState("offline"));

  for (const [name, value] of Object.entries(unsent)) {
    const radio = [...form.elements].find((field) => field.name === name && field.value === value);
    if (radio && radio.type === "radio") radio.checked = true;
  }
  showProgress();
  if (!isEmpty(unsent)) {
    send().then((isSaved) => {
      if (isSaved && "review" in form.dataset) location.reload();
    });
  }
})();
