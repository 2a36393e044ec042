"""Un petit monde complet et toujours le même: de quoi publier des éditions dont on connaît chaque octet."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.core.cache import caches
from django.test import override_settings

from indicateurs.models import Definition, Prolongation, Saisie
from organisations.models import Organisation
from tests import fabrique as f

CODES = ("2022-T1", "2022-T2", "2022-T3", "2022-T4", "2023-T1")
ARRET = f.instant("2023-06-01")
SUITE = f.instant("2023-09-01")
ND = Saisie(absence="NON_DISPONIBLE", motif='Panne, « grave »;\nvoir "note"', note="=1+1")
SO = Saisie(absence="SANS_OBJET", note="Aucune donnée\rà fort potentiel")


def petit_monde() -> dict[str, Organisation]:
    """Sept organisations, quatre indicateurs, cinq trimestres; des corrections, des absences et des silences."""
    tetes = {sigle: f.ministere(sigle) for sigle in ("MCN", "MSSS")}
    ramq = f.organisation("RAMQ", ministere=tetes["MCN"], nom="Régie de l'assurance maladie, du Québec")
    organisations = tetes | {
        "RAMQ": ramq,
        "CISSS-1": f.organisation("CISSS-1", ministere=tetes["MSSS"]),
        "HQ": f.organisation("HQ", categorie="ENTREPRISE"),
        "FINIE": f.organisation("FINIE", assujettie_au=datetime.date(2022, 12, 31), remplacee_par=ramq),
        "NEUVE": f.organisation("NEUVE", assujettie_du=datetime.date(2023, 1, 1)),
    }
    papier = f.indicateur("papier", intitule="Démarches sans papier", denominateur_minimal=20)
    ouverture = f.indicateur("ouverture", agregation="PART_ORGANISATIONS", ordre=1)
    retire = f.indicateur("ancien", retire_le=datetime.date(2022, 9, 1), ordre=2)
    f.indicateur("tardif", du=datetime.date(2023, 1, 1), seuil="66.67", ordre=3)
    Definition.objects.create(
        indicateur=papier,
        applicable_du=datetime.date(2022, 10, 1),
        texte="Autrement.",
        rupture=True,
        explication="Le périmètre change.",
    )
    for code, pourcentage in (("2022-T1", "30"), ("2023-T4", "75")):
        f.cible(papier, code, pourcentage)
    f.cible(ouverture, "2022-T2", "60")
    f.cible(papier, "2023-T1", "41.25", organisation=ramq)
    trimestres = [f.trimestre(code) for code in CODES]
    absences = {("HQ", 1): ND, ("MSSS", 2): SO, ("HQ", 3): Saisie(0, 0), ("MCN", 4): Saisie(0, 9, note="-")}
    f.reprendre(
        {
            (organisation, trimestre): {
                indicateur: absences.get((sigle, rang)) or ((3 * numero + rang * 5 + indicateur.ordre) % 40, 40 + rang)
                for indicateur in (papier, ouverture, retire)
                if indicateur.retire_le is None or indicateur.retire_le > trimestre.fin
            }
            for numero, (sigle, organisation) in enumerate(organisations.items())
            for rang, trimestre in enumerate(trimestres)
            if (sigle, rang) not in {("HQ", 4), ("CISSS-1", 2), ("NEUVE", 4)}
            and organisation.est_attendue(trimestre.fin)
        },
        f.instant("2023-05-02"),
    )
    f.reprendre({(ramq, trimestres[0]): {papier: (17, 40)}}, f.instant("2023-05-20"), motif="Double compte")
    Prolongation.objects.create(
        organisation=organisations["HQ"],
        trimestre=trimestres[4],
        echeance_le=datetime.date(2023, 7, 1),
        motif="Inondation",
        accordee_par=f.personne(),
        accordee_le=f.instant("2023-05-10"),
    )
    return organisations


def publier_trois_editions() -> None:
    """L'édition 2023-T1, son correctif qui montre une correction, et la suivante, 2023-T2."""
    organisations = petit_monde()
    premier = f.trimestre("2023-T1")
    f.edition(premier, ARRET)
    papier = f.Indicateur.objects.get(code="papier")
    f.reprendre({(organisations["RAMQ"], premier): {papier: (40, 40)}}, f.instant("2023-06-10"), motif="Recomptage")
    f.edition(premier, f.instant("2023-06-15"), note="Recomptage à la RAMQ")
    f.edition(f.trimestre("2023-T2"), SUITE)


@contextmanager
def monde_partage(django_db_blocker, tmp_path_factory) -> Iterator[None]:
    """Un bloc où bâtir un monde pour tout un module; chaque test y défait ce qu'il a fait."""
    lieu, cache = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")), pytest.MonkeyPatch.context()
    with django_db_blocker.unblock(), lieu, cache as propre, f.monde_jetable():
        # D'un monde à l'autre les clés se répètent: un code servi dans le précédent y serait déjà pris.
        propre.setattr(caches["default"], "key_prefix", uuid4().hex)
        yield
