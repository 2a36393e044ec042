// L'espace: les messages annoncés, la part pendant qu'on tape, un avertissement avant la fin de la séance.
// Sans ce script, tout fonctionne; le serveur calcule la part à l'enregistrement.
(() => {
  "use strict";
  // Un lecteur d'écran n'annonce que ce qui change: le message déjà dans la page se redit ici.
  const annonce = document.getElementById("annonce");
  const dits = [...document.querySelectorAll(".avis.message")].map((message) => message.textContent);
  setTimeout(() => { annonce.textContent = dits.join(" "); }, 150);

  const entier = (texte) => {
    const nettoye = texte.trim().replace(/[\s\u00a0\u2009\u202f]/g, "");
    return /^\d{1,16}$/.test(nettoye) ? BigInt(nettoye) : null;
  };

  // Comme le serveur: au dixième, la moitié vers le haut, et seuls zéro et cent s'écrivent 0 et 100.
  const part = (n, d) => {
    let dixiemes = (n * 2000n + d) / (d * 2n);
    if (n > 0n && dixiemes === 0n) dixiemes = 1n;
    if (n < d && dixiemes === 1000n) dixiemes = 999n;
    const decimale = n === 0n || n === d ? "" : `,${dixiemes % 10n}`;
    return `${dixiemes / 10n}${decimale}\u00a0%`;
  };

  for (const carte of document.querySelectorAll(".deux-nombres")) {
    const [numerateur, denominateur] = carte.querySelectorAll("input");
    const sortie = carte.querySelector("output");
    carte.addEventListener("input", () => {
      const n = entier(numerateur.value);
      const d = entier(denominateur.value);
      sortie.value = n !== null && d !== null && d > 0n && n <= d ? part(n, d) : "";
    });
  }

  const formulaire = document.querySelector("form.saisie[data-expire]");
  if (!formulaire) return;
  const secondes = Number(formulaire.dataset.expire);
  let change = false;
  formulaire.addEventListener("input", () => { change = true; });
  formulaire.addEventListener("submit", () => { change = false; });
  window.addEventListener("beforeunload", (sortie) => { if (change) sortie.preventDefault(); });
  if (secondes > 300) {
    setTimeout(() => {
      annonce.className = "avis";
      annonce.textContent = "Votre séance se ferme dans cinq minutes. Enregistrez le brouillon pour continuer.";
    }, (secondes - 300) * 1000);
  }
})();
