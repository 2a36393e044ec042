"""Zéro, manquant, sans objet et silencieux restent quatre choses, de la saisie à la réimportation."""

import csv
import io
import json
import random
import re
from html import unescape
from itertools import groupby
from typing import NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from openpyxl import load_workbook

from barometre import depot
from barometre.formats import lire_csv
from indicateurs.gabarit import LARGEURS
from indicateurs.models import Saisie, Soumission, Valeur
from indicateurs.mots import trimestre as en_mots
from indicateurs.texte import desarmer
from tests import fabrique as f
from tests.barometre.public import vider_le_cache
from tests.indicateurs.espace import Page, a_plat, adresse, entree
from tests.volume import GRAINE, volume

pytestmark = [pytest.mark.django_db, pytest.mark.epreuve]

MONDES = volume(1, 50)
INDICATEURS = [f"i{n:02}" for n in range(volume(6, 25))]
CODES = ["2021-T2", "2021-T3", "2021-T4", "2022-T1", "2022-T2", "2022-T3", "2022-T4", "2023-T1"][-volume(5, 8) :]
TEXTES = ["panne", "0", "zéro", "sans objet", "n/d", "=0+0", "-", "+1", "@x", "«\xa0néant\xa0»", "a, b; c", 'dit "non"']
TEXTES += ["deux\nlignes", "'panne", "2023-01-01", "'=1", "＝1", "#N/A", "œ 😀 ﷽", "NULL", "<b>0</b>", "&amp;"]
CHAMPS = ("numerateur", "denominateur", "absence", "motif", "note")
ABSENCES = {"NON_DISPONIBLE": "Non disponible", "SANS_OBJET": "Sans objet", "": ""}


class Case(NamedTuple):
    """Ce qui fut dit, ou tu, d'un indicateur à un trimestre."""

    trimestre: str
    indicateur: str
    saisie: Saisie | None

    @property
    def part(self) -> float | None:
        """La part, en pour cent; `None` là où la courbe doit avoir un trou."""
        if self.saisie is None or not self.saisie.denominateur:
            return None
        return 100 * (self.saisie.numerateur or 0) / self.saisie.denominateur


def tirer(hasard: random.Random) -> Saisie:
    """Une réponse de l'une des cinq sortes."""
    note = hasard.choice(["", *TEXTES])
    match hasard.choice(("zero", "zero", "rien", "nd", "so", "compte")):
        case "nd":
            return Saisie(absence="NON_DISPONIBLE", motif=hasard.choice(TEXTES), note=note)
        case "so":
            return Saisie(absence="SANS_OBJET", note=note)
        case sorte:
            total = 0 if sorte == "rien" else hasard.choice((1, 2, 999, 10**15, hasard.randint(1, 10**12)))
            return Saisie(hasard.randint(1, total) if sorte == "compte" else 0, total, note=note)


# --- entrer ----------------------------------------------------------------------------------------------------------
def declarer(ici, moi, code: str, reponses: dict[str, Saisie], mode: str) -> None:
    """Par le formulaire, ou par le classeur téléchargé, rempli et déposé; puis transmis, sauf un silence."""
    page = Page(moi.get(adresse("saisie", ici, code=code)))
    if mode == "classeur":
        page = deposer(ici, moi, code, reponses)
        tape = {}
    else:
        tape = {
            i: {nom: str(v) if v is not None else "" for nom, v in s._asdict().items()} for i, s in reponses.items()
        }
    champs = next(champs for ou, champs in page.formulaires.items() if ou == adresse("saisie", ici, code=code))
    justifies = {f"{i}-justification": "Vérifié." for i, s in reponses.items() if not s.absence}
    geste = "enregistrer" if mode == "silence" else "transmettre"
    retour = moi.post(adresse("saisie", ici, code=code), champs | a_plat(tape) | justifies | {"geste": geste})
    assert retour.status_code == 303, Page(retour).texte


def deposer(ici, moi, code: str, reponses: dict[str, Saisie]) -> Page:
    """L'aperçu du classeur déposé."""
    document = load_workbook(io.BytesIO(moi.get(adresse("classeur", ici, code=code)).content))
    feuille = document["Valeurs"]
    titres = {titre: rang for rang, titre in enumerate(LARGEURS, 1)}
    for rang in range(2, feuille.max_row + 1):
        saisie = reponses[feuille.cell(rang, titres["Indicateur"]).value]
        dits = (saisie.numerateur, saisie.denominateur, ABSENCES[saisie.absence], saisie.motif, saisie.note)
        for titre, dit in zip(("Numérateur", "Dénominateur", "Absence", "Motif", "Note"), dits, strict=True):
            case = feuille.cell(rang, titres[titre])
            case.value = desarmer(dit) if isinstance(dit, str) else dit
            if isinstance(dit, str):
                case.data_type = "s" if dit else "n"
    octets = io.BytesIO()
    document.save(octets)
    depose = {"fichier": SimpleUploadedFile("valeurs.xlsx", octets.getvalue())}
    page = Page(moi.post(adresse("tableur", ici, code=code), depose))
    assert page.statut == 200, page.texte
    return page


def monde(hasard: random.Random, settings) -> list[Case]:
    """Une organisation déclare chaque trimestre, dont l'un reste un brouillon; une édition par trimestre."""
    for rang, code in enumerate(INDICATEURS):
        f.indicateur(code, intitule=f"Part {code}", ordre=rang)
    ici, cases = f.organisation("RAMQ", nom="Régie"), []
    moi, relecteur, silence = entree(f.declarant(ici)), f.relecteur(), hasard.randrange(1, len(CODES))
    for rang, code in enumerate(CODES):
        quand, reponses = f.trimestre(code), {i: tirer(hasard) for i in INDICATEURS}
        settings.HORLOGE = f.apres(quand, 20)
        mode = "silence" if rang == silence else hasard.choice(("formulaire", "classeur"))
        declarer(ici, moi, code, reponses, mode)
        if mode != "silence":
            soumission = Soumission.objects.get(trimestre=quand)
            soumission.valider(par=relecteur, le=f.apres(quand, 25))
        cases += [Case(code, i, None if mode == "silence" else s) for i, s in reponses.items()]
        f.edition(quand, f.apres(quand, 60)).designer()
    vider_le_cache()
    return cases


# --- sortir ----------------------------------------------------------------------------------------------------------
def dans_la_base(case: Case) -> Saisie | None:
    cle = {"soumission__trimestre__code": case.trimestre, "indicateur__code": case.indicateur}
    valeur = Valeur.objects.filter(soumission__statut="VALIDE", **cle).first()
    return Saisie(*(getattr(valeur, nom) for nom in CHAMPS)) if valeur else None


def desarme(texte: str) -> str:
    """Ce que le fichier écrit d'un texte qu'un tableur prendrait pour une formule."""
    return f"'{texte}" if re.match("'*[=+@＝-]", texte) else texte


def attendue_du_csv(case: Case) -> dict[str, str]:
    """La ligne publiée de cette case."""
    saisie = case.saisie or Saisie()
    etat = "EN_RETARD" if case.saisie is None else saisie.absence or "VALEUR"
    comptes = {nom: "" if (n := getattr(saisie, nom)) is None else str(n) for nom in ("numerateur", "denominateur")}
    return {"etat": etat, **comptes, "motif": desarme(saisie.motif), "note": desarme(saisie.note)}


def est_la_part(ecrite: str | float | None, part: float | None) -> bool:
    """Un trou reste un trou, zéro reste zéro; le reste à l'arrondi près."""
    if part is None or ecrite in (None, ""):
        return part is None and ecrite in (None, "")
    return float(ecrite) == pytest.approx(part, abs=1e-6) and (float(ecrite) == 0) == (part == 0)


def verifier_les_fichiers(client, cases: list[Case]) -> None:
    """`valeurs.csv` et, de chaque édition, le classeur de la liste."""
    publiees = {(x["trimestre"], x["indicateur"]): x for x in lire_csv(depot.lire(CODES[-1], "valeurs.csv"))}
    for case in cases:
        assert publiees[case[:2]].items() >= attendue_du_csv(case).items(), case
    for code, siennes in groupby(cases, key=lambda case: case.trimestre):
        octets = client.get(f"/editions/{code}/organisations/export.xlsx").content
        entete, rangee = load_workbook(io.BytesIO(octets))["Organisations"].iter_rows(values_only=True)
        ecrites = dict(zip(entete, rangee, strict=True))
        for case in siennes:
            attendue, saisie = attendue_du_csv(case), case.saisie or Saisie()
            trouvee = [ecrites[f"{case.indicateur}_{nom}"] for nom in ("numerateur", "denominateur", "etat")]
            assert trouvee == [saisie.numerateur, saisie.denominateur, attendue["etat"]], case
            assert est_la_part(ecrites[f"{case.indicateur}_part"], case.part), case


def verifier_la_courbe(client, code: str, cases: list[Case], carte: str) -> None:
    """Le CSV, la figure, les points et les traits du dessin: un trou là où il n'y a pas de part, jamais un zéro."""
    parts = [case.part for case in cases]
    assert len(re.findall(r"<svg[^>]* l480", carte)) == bool([p for p in parts if p is not None])
    if all(part is None for part in parts):
        assert client.get(f"/indicateurs/{code}/figure.json").status_code == 404
        return
    courbe = lire_csv(client.get(f"/indicateurs/{code}/courbe.csv").content)
    figure = json.loads(client.get(f"/indicateurs/{code}/figure.json").content)
    (observee,) = (trace for trace in figure["data"] if trace["meta"] == "observe")
    assert observee["connectgaps"] is False
    for part, ligne, y in zip(parts, courbe, observee["y"], strict=True):
        assert est_la_part(ligne["part_observee"], part)
        assert est_la_part(y, part)
    dessin = re.search(r"<svg[^>]* l480.*?</svg>", carte, flags=re.DOTALL)[0]
    marques = re.findall(r"M([\d.]+) ([\d.]+)h0", re.search('class="marques observe" d="(.*?)"', dessin)[1])
    connues = [part for part in parts if part is not None]
    assert [float(y) == 232 for _, y in marques] == [round(220 * part / 100, 1) == 0 for part in connues]
    suites = [len(list(suite)) for trou, suite in groupby(parts, key=lambda part: part is None) if not trou]
    traits = re.search('<path class="observe" d="(.*?)"', dessin)
    assert (traits[1].count("M") if traits else 0) == sum(longueur > 1 for longueur in suites)


def verifier_le_tableau(cases: list[Case], carte: str) -> None:
    """Ce qu'une personne lit sur la page de l'organisation, trimestre par trimestre."""
    rangees = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', carte, flags=re.DOTALL)
    lues = {
        titre: [unescape(re.sub("<.*?>", "", c)) for c in re.findall("<td.*?</td>", r, re.DOTALL)]
        for titre, r in rangees
    }
    for case in cases if lues else ():
        part, compte, *_ = (texte.replace("\xa0", " ") for texte in lues[en_mots(case.trimestre)])
        saisie = case.saisie or Saisie()
        if case.part is not None:
            assert float(part.removesuffix(" %").replace(",", ".")) == pytest.approx(case.part, abs=0.1)
            assert (part in ("0 %", "0,0 %")) == (case.part == 0), case
        elif saisie.absence == "NON_DISPONIBLE":
            assert part.startswith("non disponible : "), case
        else:
            assert part.startswith("en retard de" if case.saisie is None else "sans objet"), case
        ecrit = "aucun" if saisie.numerateur is None else f"{saisie.numerateur:,} sur {saisie.denominateur:,}"
        assert compte == ecrit.replace(",", " "), case


def reimporter(octets: bytes, dossier) -> dict[tuple[str, str], Saisie]:
    """Ce qu'une base neuve retient du fichier publié, mis aux noms de colonnes de l'importation."""
    chemin = dossier / "republie.csv"
    with chemin.open("w", newline="", encoding="utf-8") as flux:
        plume = csv.writer(flux)
        plume.writerow(["organisation", "sigle", "trimestre", "indicateur", *CHAMPS])
        for ligne in lire_csv(octets):
            if ligne["etat"] != "EN_RETARD":
                absence = ligne["etat"] if ligne["etat"] != "VALEUR" else ""
                qui = ["Régie", *(ligne[nom] for nom in ("sigle", "trimestre", "indicateur"))]
                plume.writerow(
                    [*qui, ligne["numerateur"], ligne["denominateur"], absence, ligne["motif"], ligne["note"]]
                )
    for code in INDICATEURS:
        f.indicateur(code)
    f.organisation("RAMQ", nom="Régie")
    for code in CODES:
        f.trimestre(code)
    call_command("importer_valeurs", chemin, valider=True, stdout=io.StringIO(), stderr=io.StringIO())
    valeurs = Valeur.objects.select_related("soumission__trimestre", "indicateur")
    return {
        (v.soumission.trimestre.code, v.indicateur.code): Saisie(*(getattr(v, nom) for nom in CHAMPS)) for v in valeurs
    }


@pytest.mark.parametrize("numero", range(MONDES))
def test_chaque_reponse_reste_ce_qu_elle_est_d_un_bout_a_l_autre(client, settings, tmp_path, numero):
    with f.monde_jetable():
        cases = monde(random.Random(f"{GRAINE}-{numero}"), settings)
        for case in cases:
            assert dans_la_base(case) == case.saisie, case
        verifier_les_fichiers(client, cases)
        page = client.get("/organisations/ramq/").content.decode()
        for code in INDICATEURS:
            siennes = [case for case in cases if case.indicateur == code]
            carte = next(
                a for a in re.findall("<article.*?</article>", page, re.DOTALL) if f"/indicateurs/{code}/" in a
            )
            verifier_la_courbe(client, code, siennes, carte)
            verifier_le_tableau(siennes, carte)
        octets = depot.lire(CODES[-1], "valeurs.csv")
    with f.monde_jetable():
        assert reimporter(octets, tmp_path) == {case[:2]: case.saisie for case in cases if case.saisie}
