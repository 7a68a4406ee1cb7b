// Copies a text of the page. Without this script the buttons stay hidden and the text can be selected.
const told = document.querySelector("[data-copied]");
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent;
    try {
      await navigator.clipboard.writeText(text);
      told.textContent = told.dataset.copied;
    } catch {
      told.textContent = told.dataset.refused;
    }
  });
}
