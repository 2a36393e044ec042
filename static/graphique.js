// Le graphique interactif: la figure que le serveur a écrite, conduite par des commandes HTML.
// Sans ce script, la page montre la même courbe et le même tableau.
addEventListener("DOMContentLoaded", async () => {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const [zone, dessin, trimestre, lecture, etat] = ["interactif", "dessin", "trimestre", "lecture", "etat"].map($);
  const cases = [...zone.querySelectorAll("[type=checkbox]")];
  let figure, noms, traits, tout, annees;
  try {
    const reponse = await fetch(zone.dataset.figure);
    if (!reponse.ok) throw new Error(reponse.status);
    figure = await reponse.json();
    // plotly change la mise en page qu'on lui donne: on garde ce qui sert encore
    noms = structuredClone(figure.layout.annotations);
    traits = [...figure.layout.shapes];
    tout = [...figure.layout.xaxis.range];
    annees = [[...figure.layout.xaxis.tickvals], [...figure.layout.xaxis.ticktext]];
    figure.layout.dragmode = matchMedia("(pointer: fine)").matches ? "zoom" : false; // au doigt, la page défile
    zone.hidden = false;
    await Plotly.newPlot(dessin, figure.data, figure.layout, figure.config);
  } catch {
    zone.hidden = true;
    etat.textContent = zone.dataset.echec;
    return;
  }
  $("statique").hidden = true;
  etat.textContent = "";
  const codes = figure.layout.xaxis.categoryarray;
  const estEntier = () => dessin.layout.xaxis.range.every((borne, i) => Math.abs(borne - tout[i]) < 0.01);

  // Le trimestre choisi: un trait, et tout ce qu'il dit en toutes lettres.
  const lire = () => {
    const rang = Number(trimestre.value);
    trimestre.setAttribute("aria-valuetext", figure.trimestres[rang]);
    lecture.value = figure.lectures[rang];
    const ici = { type: "line", xref: "x", x0: rang, x1: rang, yref: "paper", y0: 0, y1: 1, layer: "below" };
    return Plotly.relayout(dessin, { shapes: [...traits, { ...ici, line: { color: "#4a98d9", width: 2 } }] });
  };

  // Une ligne porte son nom à sa droite; de près, son bout n'est plus là: une légende la nomme, et chaque trimestre se dit.
  const nommer = () => {
    const vues = new Set(cases.filter((une) => une.checked).map((une) => une.value));
    const entier = estEntier();
    const montres = noms.filter((nom) => nom.name === "rupture" || (entier && vues.has(nom.name)));
    const [debut, fin] = dessin.layout.xaxis.range;
    const [places, textes] = fin - debut < 9 ? [codes, codes] : annees;
    const dit = { "xaxis.tickvals": places, "xaxis.ticktext": textes };
    return Plotly.relayout(dessin, { annotations: montres, showlegend: !entier, ...dit });
  };
  const montrer = async () => {
    const vues = new Set(cases.filter((une) => une.checked).map((une) => une.value));
    await Plotly.restyle(dessin, { visible: figure.data.map((trace) => vues.has(trace.meta)) });
    await nommer();
  };
  const cadrer = (facteur) => {
    const [debut, fin] = dessin.layout.xaxis.range;
    const moitie = Math.max(((fin - debut) / 2) * facteur, 1.5);
    const centre = facteur < 1 ? Number(trimestre.value) : (debut + fin) / 2;
    const large = 2 * moitie >= tout[1] - tout[0];
    return Plotly.relayout(dessin, { "xaxis.range": large ? [...tout] : [centre - moitie, centre + moitie] });
  };

  dessin.on("plotly_relayout", (change) => {
    if (Object.keys(change).some((cle) => cle.startsWith("xaxis.range"))) nommer();
  });
  dessin.on("plotly_click", ({ points: [point] }) => {
    trimestre.value = codes.indexOf(point.x);
    lire();
  });
  trimestre.value = figure.dernier;
  trimestre.addEventListener("input", lire);
  cases.forEach((une) => une.addEventListener("change", montrer));
  $("rapprocher").addEventListener("click", () => cadrer(0.5));
  $("eloigner").addEventListener("click", () => cadrer(2));
  $("retablir").addEventListener("click", async () => {
    cases.forEach((une) => { une.checked = true; });
    await Plotly.relayout(dessin, { "xaxis.range": [...tout] });
    await montrer();
    etat.textContent = zone.dataset.retabli;
  });
  $("enregistrer").addEventListener("click", async () => {
    const { title, margin, source } = figure.image;
    const annotations = [...dessin.layout.annotations, source];
    const image = { data: dessin.data, layout: { ...dessin.layout, shapes: traits, title, margin, annotations } };
    await Plotly.downloadImage(image, { format: "png", width: 900, height: 540, scale: 2, filename: zone.dataset.nom });
    etat.textContent = zone.dataset.enregistre;
  });
  if (zone.clientWidth < 600) {
    noms.forEach((nom) => { nom.text = figure.etroit.noms[nom.name] ?? nom.text; });
    await Plotly.relayout(dessin, figure.etroit.mise);
    await nommer();
  }
  await lire();
});
