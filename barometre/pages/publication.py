"""Ce que montre une simulation: les chiffres de tête, ce qui est révisé et pourquoi, qui manque."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from barometre import phrases
from barometre.chiffres import ENSEMBLE, Chiffre
from barometre.composition import cases, motifs, repondantes
from barometre.models import Edition, Projet
from barometre.revisions import Revision, comparer
from barometre.tableaux import CHIFFRE, Colonne, Tableau, dresser
from indicateurs import mots
from indicateurs.models import Soumission
from organisations.models import Statut

ABSENT = "aucun"


def contexte(projet: Projet) -> dict[str, Any]:
    """Tout ce qu'une personne doit voir avant de publier; rien n'est écrit."""
    edition, precedente = projet.edition, projet.edition.precedente
    revisions = _revisions(projet)
    ouvertes = _ouvertes(edition)
    reponses = edition.catalogue["repondantes"], len(edition.attendues)
    jours = edition.trimestre.echeance_le, timezone.localdate(edition.arretee_le)
    return {
        "projet": projet,
        "couverture": phrases.reponses(*reponses),
        "alerte": phrases.trop_tot(*jours, *reponses),
        "chiffres": _des_chiffres(projet, precedente),
        "revisions": _des_revisions(revisions) if revisions else None,
        "combien": len(revisions),
        "muettes": _des_muettes(projet, ouvertes),
        "a_relire": _des_attentes(o for o in ouvertes if o[2] == Statut.SOUMIS),
    }


def _des_chiffres(projet: Projet, precedente: Edition | None) -> Tableau:
    """Chaque indicateur, avant et après, avec ses réponses."""
    code = projet.edition.trimestre.code
    avant = {c: s.dernier for (c, _), s in precedente.series().items()} if precedente else {}
    ensemble = {(c.regle.code, c.trimestre): c for c in projet.chiffres if c.perimetre == ENSEMBLE}
    titres = ("Avant", "Avant, révisé", "Après", "Réponses avant", "Réponses après")
    lignes = []
    for regle in projet.edition.regles.values():
        ancien, neuf = avant.get(regle.code), ensemble.get((regle.code, code))
        if ancien is None and neuf is None:
            continue
        revise = ensemble.get((regle.code, ancien.trimestre)) if ancien else None
        parts = [_part(chiffre) for chiffre in (ancien, revise, neuf)]
        lignes.append((regle.intitule, *parts, _reponses(ancien), _reponses(neuf)))
    de = f" et de {precedente.code}" if precedente else ""
    legende = f"Les chiffres de tête de {projet.edition.code}{de}"
    return dresser(legende, [Colonne("Indicateur"), *(Colonne(titre, CHIFFRE) for titre in titres)], lignes)


def _part(chiffre: Chiffre | None) -> str:
    return chiffre.texte if chiffre else ABSENT


def _reponses(chiffre: Chiffre | None) -> str:
    return phrases.sur(chiffre.comptes.repondantes, chiffre.comptes.attendues) if chiffre else ABSENT


def _revisions(projet: Projet) -> list[Revision]:
    """Ce qui change aux trimestres déjà publiés; trois requêtes."""
    precedente = projet.edition.precedente
    if precedente is None:
        return []
    raisons = motifs(precedente.arretee_le, projet.edition.arretee_le)
    return comparer(cases(precedente), projet.cases, precedente.trimestre.code, raisons)


def _des_revisions(revisions: Sequence[Revision]) -> Tableau:
    titres = ("Organisation", "Trimestre", "Indicateur", "Genre", "Avant", "Après", "Raison")
    return dresser("Ce qui est révisé", [Colonne(titre) for titre in titres], [revision[:7] for revision in revisions])


def _ouvertes(edition: Edition) -> list[tuple[str, str, str, int]]:
    """Ce que le CQEN n'a pas encore accepté: sigle, trimestre, statut, version; une requête."""
    ouvertes = Soumission.objects.ouverts().filter(trimestre__code__lte=edition.trimestre.code)
    champs = ("organisation__sigle", "trimestre__code", "statut", "version")
    return list(ouvertes.order_by("trimestre__code", "organisation__sigle").values_list(*champs))


def _des_muettes(projet: Projet, ouvertes: Iterable[tuple[str, str, str, int]]) -> Tableau | None:
    """Les attendues dont aucune réponse n'est acceptée au dernier trimestre, et où en est la leur."""
    edition, code = projet.edition, projet.edition.trimestre.code
    statuts = {sigle: Statut(statut).label for sigle, quand, statut, _ in ouvertes if quand == code}
    muettes = sorted(edition.attendues - repondantes(projet.cases, code))
    lignes = [(sigle, edition.organisations[sigle]["nom"], statuts.get(sigle, "Rien de commencé")) for sigle in muettes]
    colonnes = [Colonne("Sigle"), Colonne("Organisation"), Colonne("Sa réponse")]
    return dresser(f"Qui manque au {mots.trimestre(code)}", colonnes, lignes) if lignes else None


def _des_attentes(ouvertes: Iterable[tuple[str, str, str, int]]) -> Tableau | None:
    """Ce qui est transmis et n'entrera pas, faute d'être relu."""
    lignes = [
        (sigle, mots.trimestre(code), "Première réponse" if version == 1 else f"Correction, version {version}")
        for sigle, code, _, version in ouvertes
    ]
    colonnes = [Colonne("Sigle"), Colonne("Trimestre"), Colonne("Ce qui est transmis")]
    return dresser("Ce qui attend encore une relecture", colonnes, lignes) if lignes else None
