"""Le décor de l'exemple: organisations, stratégie, indicateurs, trimestres, cibles."""

import csv
import datetime
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from barometre.exemple import scenario, tirage
from barometre.exemple.comptes import Comptes, creer_les_comptes, habiliter
from indicateurs.models import Cible, Definition, Indicateur, Trimestre
from organisations.models import Organisation, Strategie

LISTE = Path(__file__).with_name("organisations.csv")


@dataclass
class Monde:
    """Ce que le récit met en scène, rangé par sigle ou par code."""

    strategie: Strategie
    organisations: dict[str, Organisation]
    declarantes: dict[str, tirage.Declarante]
    indicateurs: dict[str, Indicateur]
    trimestres: dict[str, Trimestre]
    comptes: Comptes

    def attendues(self, trimestre: Trimestre) -> list[Organisation]:
        """Les organisations qui doivent déclarer pour ce trimestre, par sigle."""
        return list(Organisation.objects.attendues(trimestre.fin).order_by("sigle"))


def creer_le_monde() -> Monde:
    """Plante le décor dans une base vide."""
    comptes = creer_les_comptes()
    organisations, effectifs = _organisations()
    habiliter(comptes, organisations)
    trimestres = {code: _trimestre(code) for code in (*scenario.TRIMESTRES, *scenario.A_VENIR)}
    indicateurs = _indicateurs()
    _cibles(indicateurs, trimestres, organisations)
    return Monde(
        strategie=Strategie.objects.create(
            code="strategie-2019-2023",
            titre="Stratégie de transformation numérique gouvernementale 2019-2023",
            debut=datetime.date(2019, 6, 1),
            fin=datetime.date(2023, 12, 31),
        ),
        organisations=organisations,
        declarantes=tirage.numeroter(effectifs),
        indicateurs=indicateurs,
        trimestres=trimestres,
        comptes=comptes,
    )


def _organisations() -> tuple[dict[str, Organisation], dict[str, int]]:
    """Les organisations de la liste, où qui est nommé précède qui le nomme; et leur effectif fictif."""
    organisations: dict[str, Organisation] = {}
    effectifs: dict[str, int] = {}
    with LISTE.open(encoding="utf-8", newline="") as fichier:
        for ligne in csv.DictReader(fichier):
            organisations[ligne["sigle"]] = Organisation.objects.create(
                **{nom: ligne[nom] for nom in ("sigle", "nom", "categorie")},
                **{nom: organisations.get(ligne[nom]) for nom in ("ministere", "remplacee_par")},
                **{nom: _jour(ligne[nom]) for nom in ("assujettie_du", "assujettie_au")},
            )
            effectifs[ligne["sigle"]] = int(ligne["effectif"])
    return organisations, effectifs


def _jour(texte: str) -> datetime.date | None:
    return datetime.date.fromisoformat(texte) if texte else None


def _trimestre(code: str) -> Trimestre:
    trimestre = Trimestre.objects.du_code(code)
    trimestre.save()
    return trimestre


def _indicateurs() -> dict[str, Indicateur]:
    indicateurs = {
        fiche["code"]: Indicateur.objects.create(ordre=ordre, **fiche)
        for ordre, fiche in enumerate(scenario.INDICATEURS, start=1)
    }
    for texte in scenario.DEFINITIONS:
        Definition.objects.create(
            indicateur=indicateurs[texte.indicateur],
            applicable_du=datetime.date.fromisoformat(texte.du),
            texte=texte.texte,
            rupture=bool(texte.rupture),
            explication=texte.rupture,
            texte_en=texte.texte_en,
            explication_en=texte.rupture_en,
        )
    return indicateurs


def _cibles(
    indicateurs: dict[str, Indicateur], trimestres: dict[str, Trimestre], organisations: dict[str, Organisation]
) -> None:
    for point in scenario.CIBLES:
        Cible.objects.create(
            indicateur=indicateurs[point.indicateur],
            trimestre=trimestres[point.trimestre],
            organisation=organisations.get(point.sigle),
            pourcentage=Decimal(point.pourcentage),
        )
