// Branche le bouton d'une clé d'accès aux scripts d'allauth; sans JavaScript ni clés, le formulaire reste caché.
addEventListener("DOMContentLoaded", () => {
  const bouton = document.getElementById("cle-bouton");
  if (!webauthnJSON.supported()) return;
  const { id, dataset } = bouton;
  bouton.form.hidden = false;
  allauth.webauthn.forms[dataset.cle]({
    ids: { add: id, authenticate: id, login: id, credential: dataset.champ, passwordless: "id_passwordless", data: "js_data" },
  });
  document.addEventListener("allauth.error", (evenement) => {
    evenement.preventDefault();
    const phrase = document.createElement("p");
    phrase.className = "erreur";
    phrase.setAttribute("role", "alert");
    phrase.textContent = "La clé n'a pas répondu, ou vous avez renoncé. Vous pouvez réessayer.";
    bouton.form.querySelector("[role=alert]")?.remove();
    bouton.before(phrase);
  });
});
