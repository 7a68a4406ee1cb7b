// Copies a text of the page. Without this script the buttons stay hidden and the text can be selected.
const told = document.querySelector("[data-copied]");
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      told.textContent = told.dataset.copied || "Copied."; // a revision kept before the words stood in the page
    } catch {
      told.textContent = told.dataset.refused || "Your browser did not allow copying; select the text instead.";
    }
  });
}
