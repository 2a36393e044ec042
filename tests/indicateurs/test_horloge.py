"""L'heure du Québec décide: un trimestre finit, une échéance passe, à minuit à Montréal et à la microseconde."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from barometre.models import Edition, PublicationRefusee
from indicateurs.models import Prolongation, Trimestre
from organisations.models import TransitionInterdite
from tests import fabrique as f

MONTREAL = ZoneInfo("America/Toronto")
MICROSECONDE = datetime.timedelta(microseconds=1)
DECALAGES = [
    *(signe * datetime.timedelta(hours=h) for h in (1, 4, 5, 23, 24, 25) for signe in (1, -1)),
    MICROSECONDE,
    -MICROSECONDE,
    datetime.timedelta(0),
]
FRONTIERES = [(annee, mois) for annee in range(2020, 2028) for mois in (1, 4, 7, 10)]


def minuit(annee: int, mois: int, jour: int) -> datetime.datetime:
    """Minuit à Montréal, en temps universel."""
    return datetime.datetime(annee, mois, jour, tzinfo=MONTREAL).astimezone(datetime.UTC)


def precedent(annee: int, mois: int) -> str:
    """Le code du trimestre qui finit la veille de ce premier du mois."""
    return f"{annee - 1}-T4" if mois == 1 else f"{annee}-T{mois // 3}"


@pytest.mark.parametrize(
    ("code", "fin"),
    [
        ("2023-T1", "2023-03-31"),
        ("2023-T2", "2023-06-30"),
        ("2023-T3", "2023-09-30"),
        ("2023-T4", "2023-12-31"),
        ("2024-T1", "2024-03-31"),
        ("2000-T4", "2000-12-31"),
    ],
)
def test_un_trimestre_finit_le_dernier_jour_de_son_troisieme_mois(code, fin):
    trimestre = Trimestre.objects.du_code(code)

    assert trimestre.fin.isoformat() == fin
    assert trimestre.ouvre_le == trimestre.fin + datetime.timedelta(days=1)
    assert trimestre.echeance_le == trimestre.fin + datetime.timedelta(days=45)


@pytest.mark.parametrize(("annee", "mois"), FRONTIERES)
def test_un_trimestre_ouvre_a_minuit_a_montreal(annee, mois):
    trimestre, zero = Trimestre.objects.du_code(precedent(annee, mois)), minuit(annee, mois, 1)

    assert [trimestre.est_ouvert(zero + decalage) for decalage in DECALAGES] == [
        decalage >= datetime.timedelta(0) for decalage in DECALAGES
    ]


@pytest.mark.django_db
def test_un_trimestre_est_termine_a_minuit_a_montreal():
    for annee, mois in FRONTIERES:
        f.trimestre(precedent(annee, mois))
    for annee, mois in FRONTIERES:
        for decalage in DECALAGES:
            instant = minuit(annee, mois, 1) + decalage
            attendus = {t.code for t in Trimestre.objects.all() if t.fin < instant.astimezone(MONTREAL).date()}
            assert {t.code for t in Trimestre.objects.termines(instant)} == attendus
            assert (precedent(annee, mois) in attendus) == (decalage >= datetime.timedelta(0))


@pytest.mark.parametrize(
    ("instant", "ouvert"),
    [("2023-04-01T00:00:00Z", False), ("2023-04-01T03:59:59.999999Z", False), ("2023-04-01T04:00:00Z", True)],
)
def test_minuit_a_greenwich_n_est_pas_minuit_a_montreal(instant, ouvert):
    assert Trimestre.objects.du_code("2023-T1").est_ouvert(datetime.datetime.fromisoformat(instant)) == ouvert


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "zero"), [("2023-T1", minuit(2023, 4, 1)), ("2023-T4", minuit(2024, 1, 1))])
def test_on_ne_publie_pas_une_microseconde_avant_la_fin_du_trimestre(code, zero):
    trimestre, par = f.trimestre(code), f.publieur()
    for avant in (MICROSECONDE, datetime.timedelta(hours=4), datetime.timedelta(hours=5)):
        with pytest.raises(PublicationRefusee, match="n'est pas terminé"):
            Edition.publier(trimestre=trimestre, par=par, le=zero - avant)

    hors_calendrier = f.HORS_CALENDRIER
    assert Edition.publier(trimestre=trimestre, par=par, le=zero, hors_calendrier=hors_calendrier).code == code


@pytest.mark.django_db
def test_on_ne_transmet_pas_une_microseconde_avant_l_ouverture():
    papier, trimestre, zero = f.indicateur(), f.trimestre("2023-T1"), minuit(2023, 4, 1)
    soumission = f.brouillon(f.organisation(), trimestre, {papier: (1, 2)}, f.instant("2023-03-01"))
    with pytest.raises(TransitionInterdite, match="ouvre le"):
        soumission.soumettre(par=soumission.cree_par, le=zero - MICROSECONDE)
    soumission.soumettre(par=soumission.cree_par, le=zero)

    assert soumission.soumis_le == zero


ECHEANCES = {
    "ordinaire": ("2025-T4", datetime.date(2026, 2, 14)),
    "jour_de_vingt_trois_heures": ("2025-T4", datetime.date(2026, 3, 8)),
    "jour_de_vingt_cinq_heures": ("2026-T2", datetime.date(2026, 11, 1)),
    "29_fevrier": ("2023-T4", datetime.date(2024, 2, 29)),
    "31_decembre": ("2023-T3", datetime.date(2023, 12, 31)),
}


def etat_a(trimestre: Trimestre, le: datetime.datetime) -> str:
    [case] = [c for c in Edition.simuler(trimestre=trimestre, le=le).cases if c.trimestre == trimestre.code]
    return case.etat


@pytest.mark.django_db
@pytest.mark.parametrize("prolongee", [False, True])
@pytest.mark.parametrize(("code", "echeance"), ECHEANCES.values(), ids=ECHEANCES)
def test_une_echeance_comprend_sa_derniere_microseconde(code, echeance, prolongee):
    trimestre, organisation = f.trimestre(code), f.organisation()
    f.indicateur()
    if prolongee:
        Prolongation.objects.create(
            organisation=organisation,
            trimestre=trimestre,
            echeance_le=echeance,
            motif="Inondation",
            accordee_par=f.personne(),
            accordee_le=minuit(trimestre.ouvre_le.year, trimestre.ouvre_le.month, 1),
        )
    else:
        trimestre.echeance_le = echeance
        trimestre.save()
    lendemain = echeance + datetime.timedelta(days=1)
    zero = minuit(lendemain.year, lendemain.month, lendemain.day)

    for avant in (MICROSECONDE, datetime.timedelta(hours=1), datetime.timedelta(hours=22)):
        assert etat_a(trimestre, zero - avant) == "PAS_ENCORE_DUE"
    for apres in (datetime.timedelta(0), MICROSECONDE, datetime.timedelta(hours=5)):
        assert etat_a(trimestre, zero + apres) == "EN_RETARD"


@pytest.mark.parametrize(("jour", "heures"), [((2026, 3, 8), 23), ((2026, 11, 1), 25), ((2026, 7, 1), 24)])
def test_les_jours_de_changement_d_heure_sont_bien_ceux_du_quebec(jour, heures):
    suivant = datetime.date(*jour) + datetime.timedelta(days=1)

    assert minuit(suivant.year, suivant.month, suivant.day) - minuit(*jour) == datetime.timedelta(hours=heures)


@pytest.mark.django_db
def test_une_edition_ne_voit_pas_ce_qui_est_valide_une_microseconde_apres_elle():
    papier, trimestre, arret = f.indicateur(), f.trimestre("2023-T1"), f.instant("2023-06-01")
    for qui, ecart in (("AVANT", -MICROSECONDE), ("PILE", datetime.timedelta(0)), ("APRES", MICROSECONDE)):
        f.validee(f.organisation(qui), trimestre, {papier: (1, 2)}, arret + ecart)

    etats = {case.sigle: case.etat for case in Edition.simuler(trimestre=trimestre, le=arret).cases}
    assert etats == {"AVANT": "VALEUR", "PILE": "VALEUR", "APRES": "EN_RETARD"}
