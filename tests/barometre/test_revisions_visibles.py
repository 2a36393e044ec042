"""Chaque révision tirée au hasard se voit partout: la page, le fichier, les flux; et la base en exige la raison."""

import random
import re
from functools import cache
from html import unescape
from typing import NamedTuple

import pytest
from django.db import IntegrityError, transaction

from barometre.formats import lire_csv
from indicateurs import mots
from indicateurs.models import Saisie, Soumission
from tests import fabrique as f
from tests.barometre.public import paraitre, texte
from tests.volume import tirage, volume

pytestmark = [pytest.mark.django_db, pytest.mark.epreuve]

REVISIONS = volume(60, 500)
CODES = ("2022-T2", "2022-T3", "2022-T4", "2023-T1")
INDICATEURS = ("papier", "ouvert", "formation")
JOURNAL = "/editions/2023-T1...2023-T1-r1/"
SILENCE = None
ICI = "http://127.0.0.1:8000"


class Attendue(NamedTuple):
    """Ce qu'on doit lire d'une révision."""

    sigle: str
    trimestre: str
    indicateur: str
    genre: str
    avant: str
    apres: str
    raison: str


def tirer(hasard: random.Random) -> Saisie:
    """Une réponse: un compte, zéro, 0 sur 0, ou une absence."""
    genre = hasard.choice(("compte", "compte", "zero", "rien", "nd", "so"))
    if genre == "nd":
        return Saisie(absence="NON_DISPONIBLE", motif=f"Panne {hasard.randrange(99)}")
    if genre == "so":
        return Saisie(absence="SANS_OBJET")
    total = 0 if genre == "rien" else hasard.randint(1, 10**9)
    return Saisie(hasard.randint(0, total) if genre == "compte" else 0, total)


def dire(saisie: Saisie | None) -> str:
    """Comment une page l'écrit, sans le code du produit."""
    if saisie is SILENCE:
        return "sans réponse"
    if saisie.absence:
        return f"non disponible : {saisie.motif}" if saisie.motif else "sans objet"
    compte = f"{saisie.numerateur:,} sur {saisie.denominateur:,}".replace(",", " ")
    return compte if saisie.denominateur else f"sans objet ({compte})"


def ajout(avant: Saisie, apres: Saisie) -> str:
    """Ce qu'une page ajoute quand seule la note a changé."""
    return " (note changée)" if avant._replace(note="") == apres._replace(note="") else ""


def monde() -> list[Attendue]:
    """Deux éditions; entre elles, ce qui fut corrigé ou reçu en retard. Rend chaque révision qu'on y a semée."""
    hasard, semees, depots = tirage(), [], []
    toutes = {code: f.indicateur(code, intitule=f"Part de {code}") for code in INDICATEURS}
    trimestres, premieres = [f.trimestre(code) for code in CODES], {}
    for numero in range(REVISIONS):
        une = f.organisation(f"O{numero}", nom=f"Régie numéro {numero}")
        quand, revise = hasard.choice(trimestres), hasard.choice(INDICATEURS)
        avant = {code: tirer(hasard) for code in INDICATEURS}
        apres = avant | {revise: hasard.choice((tirer(hasard), avant[revise]._replace(note=f"Note {numero}")))}
        raison = f"Raison numéro {numero}, dite en clair."
        if hasard.random() < 0.25:
            raison = "Réponse arrivée après l'échéance."
            semees += [
                Attendue(une.sigle, quand.code, c, "révision", dire(SILENCE), dire(apres[c]), raison) for c in apres
            ]
        else:
            premieres[une, quand] = {toutes[c]: saisie for c, saisie in avant.items()}
            if avant != apres:
                dites = dire(avant[revise]), dire(apres[revise]) + ajout(avant[revise], apres[revise])
                semees.append(Attendue(une.sigle, quand.code, revise, "correction", *dites, raison))
        depots.append(({(une, quand): {toutes[c]: saisie for c, saisie in apres.items()}}, raison))
    f.reprendre(premieres, f.instant("2023-05-02"))
    paraitre("2023-06-15")
    for depot, raison in depots:
        f.reprendre(depot, f.instant("2023-07-20"), motif=raison)
    paraitre("2023-08-01", note="Des réponses révisées.")
    return sorted(semees)


def lue(page) -> str:
    return texte(page).replace("\xa0", " ")


def test_chaque_revision_dit_tout_dans_la_page_le_fichier_et_les_flux(client):
    semees = monde()
    page = cache(lambda sigle: lue(client.get(f"{JOURNAL}?q={sigle.lower()}")))
    fichier = lire_csv(client.get(f"{JOURNAL}revisions.csv").content)
    flux = cache(
        lambda sigle: unescape(unescape(client.get(f"/organisations/{sigle.lower()}/flux.atom").content.decode()))
    )
    assert len(semees) >= REVISIONS * 0.9

    for r, ligne in zip(
        semees, sorted(fichier, key=lambda x: (x["sigle"], x["trimestre"], x["indicateur"])), strict=True
    ):
        corps = f"{r.genre.capitalize()} {r.avant} {r.apres} r 20 juillet 2023 {r.raison}"
        assert f"Régie numéro {r.sigle[1:]} Part de {r.indicateur} {corps}" in page(r.sigle), r
        attendue = {"marque": "r", "genre": r.genre, "sigle": r.sigle, "trimestre": r.trimestre, "raison": r.raison}
        attendue |= {"indicateur": r.indicateur, "edition": "2023-T1-r1", "edition_revisee": "2023-T1"}
        attendue |= {"ancien_fichier": f"{ICI}/donnees/2023-T1/valeurs.csv"}
        assert ligne.items() >= attendue.items()
        assert (dire(de_la_ligne(ligne, "ancien")), dire(de_la_ligne(ligne, "nouveau"))) == (
            r.avant,
            r.apres.removesuffix(" (note changée)"),
        )
        assert ligne["acceptee_le"].startswith("2023-07-20T")
        annonce = flux(r.sigle).replace("\xa0", " ")
        qui = f"Régie numéro {r.sigle[1:]} ({r.sigle}), {mots.trimestre(r.trimestre)}, Part de {r.indicateur}"
        assert f"{qui} : {r.avant} devient {r.apres}, le 20 juillet 2023. {r.raison}" in annonce, r
        assert f'href="{ICI}/donnees/2023-T1/valeurs.csv"' in annonce


def de_la_ligne(ligne: dict[str, str], cote: str) -> Saisie | None:
    """La réponse d'avant ou d'après, telle que le fichier la donne."""
    etat = ligne["ancien_etat" if cote == "ancien" else "nouvel_etat"]
    if etat == "EN_RETARD":
        return SILENCE
    comptes = (ligne[f"{cote}_{nom}"] for nom in ("numerateur", "denominateur"))
    absence = "" if etat == "VALEUR" else etat
    return Saisie(*(int(compte) if compte else None for compte in comptes), absence, ligne[f"{cote}_motif"])


def test_la_page_mene_a_l_edition_remplacee_et_le_flux_de_tout_dit_les_memes_revisions(client):
    semees = monde()
    page = client.get(JOURNAL).content.decode()
    for adresse in ("/editions/2023-T1/", "/donnees/2023-T1/valeurs.csv"):
        assert f'href="{adresse}"' in page
    annonces = re.findall("<entry>.*?</entry>", client.get("/flux.atom").content.decode(), flags=re.DOTALL)
    (annonce,) = (a for a in annonces if "2023-T1-r1" in a.partition("</title>")[0])
    dites = unescape(unescape(annonce)).replace("\xa0", " ").count(" devient ")
    assert dites == min(len(semees), 300)  # au-delà, l'annonce mène au journal
    assert f"{ICI}{JOURNAL}" in annonce


def test_une_revision_sans_raison_est_refusee_par_la_base():
    une, quand, papier = f.organisation(), f.trimestre(), f.indicateur("papier")
    f.reprendre({(une, quand): {papier: (6, 10)}}, f.instant("2023-05-02"))
    avant = f.photo(Soumission)
    with pytest.raises(IntegrityError), transaction.atomic():
        f.reprendre({(une, quand): {papier: (7, 10)}}, f.instant("2023-07-20"), motif="")
    assert f.photo(Soumission) == avant
