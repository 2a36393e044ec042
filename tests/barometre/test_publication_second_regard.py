"""Personne ne publie seul: qui a accepté une réponse ne publie pas l'édition où elle entre. Et le public est averti."""

import datetime
import json
import re
from io import StringIO

import pytest
from django.core.management import call_command

from barometre import depot
from barometre.models import Edition, PublicationRefusee
from indicateurs.models import Soumission
from organisations.models import Utilisateur
from tests import fabrique as f
from tests.barometre import publications as p

pytestmark = pytest.mark.django_db
UN = datetime.timedelta(microseconds=1)
T1, T2 = f.instant("2023-05-18"), f.instant("2023-08-17")


@pytest.fixture
def monde():
    return {"papier": f.indicateur("papier"), "ramq": f.organisation("RAMQ"), "t1": f.trimestre("2023-T1")}


def les_deux_droits(**champs) -> Utilisateur:
    """Une personne qui peut relire et publier."""
    return f.personne("indicateurs.relire_soumission", "barometre.publier_edition", is_staff=True, **champs)


def valider(monde, par, le, code="2023-T1", organisation="ramq") -> Soumission:
    soumission = f.transmise(monde[organisation], f.trimestre(code), {monde["papier"]: (1, 2)}, le)
    soumission.valider(par=par, le=le)
    return soumission


def publier(par, code="2023-T1", le=T1, **champs) -> Edition:
    faits = {"hors_calendrier": f.HORS_CALENDRIER} | champs
    return Edition.publier(trimestre=f.trimestre(code), par=par, le=le, **faits)


# --- T9 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("superutilisateur", [False, True])
def test_qui_a_accepte_une_reponse_ne_publie_pas_l_edition_ou_elle_entre(monde, superutilisateur):
    seule = les_deux_droits(is_superuser=superutilisateur)
    valider(monde, seule, f.instant("2023-05-01"))
    with pytest.raises(PublicationRefusee, match="une autre personne doit publier"):
        publier(seule)

    assert not Edition.objects.exists()
    assert publier(les_deux_droits()).code == "2023-T1"


@pytest.mark.parametrize("ecart", [-UN, datetime.timedelta(0)])
def test_accepter_a_l_instant_de_l_arret_compte_encore(monde, ecart):
    seule = les_deux_droits()
    valider(monde, seule, T1 + ecart)
    with pytest.raises(PublicationRefusee, match="une autre personne"):
        publier(seule)


@pytest.mark.parametrize("ecart", [datetime.timedelta(days=-17), datetime.timedelta(0)])
def test_ce_qui_est_deja_publie_ne_compte_plus(monde, ecart):
    membre = les_deux_droits()
    valider(monde, membre, T1 + ecart)
    publier(les_deux_droits())

    assert publier(membre, "2023-T2", T2).code == "2023-T2"


def test_ce_qui_est_accepte_apres_l_arret_n_entre_pas(monde):
    membre = les_deux_droits()
    valider(monde, membre, T1 + UN)

    assert publier(membre).code == "2023-T1"


def test_une_reponse_acceptee_avant_un_correctif_entre_dans_l_edition_de_son_trimestre(monde):
    """Acceptée avant l'arrêt de l'édition d'avant, elle n'y était pas: son trimestre n'y était pas encore."""
    membre = les_deux_droits()
    publier(les_deux_droits())
    valider(monde, membre, f.instant("2023-07-10"), "2023-T2")
    publier(les_deux_droits(), "2023-T1", f.instant("2023-07-20"), note="Un correctif")
    with pytest.raises(PublicationRefusee, match="une autre personne"):
        publier(membre, "2023-T2", T2)


def test_une_version_remplacee_avant_l_arret_n_entre_pas(monde):
    membre = les_deux_droits()
    premiere = valider(monde, membre, f.instant("2023-05-01"))
    f.corrigee(premiere, {monde["papier"]: (2, 2)}, f.instant("2023-05-02"))

    assert publier(membre).code == "2023-T1"


def test_une_correction_acceptee_compte_comme_une_premiere_reponse(monde):
    membre = les_deux_droits()
    premiere = valider(monde, f.relecteur(), f.instant("2023-05-01"))
    publier(les_deux_droits())
    correction = premiere.corriger(par=f.declarant(monde["ramq"]), le=f.instant("2023-06-01"), motif="Oubli")
    correction.saisir({monde["papier"]: f.Saisie(2, 2)}, par=correction.cree_par, le=f.instant("2023-06-01"))
    f.justifier(correction)
    correction.soumettre(par=correction.cree_par, le=f.instant("2023-06-01"))
    correction.valider(par=membre, le=f.instant("2023-06-02"))
    with pytest.raises(PublicationRefusee, match="une autre personne"):
        publier(membre, "2023-T1", T2, note="Un correctif")


def test_une_commande_publie_sous_un_compte_technique_qui_ne_peut_pas_entrer(monde):
    compte = Utilisateur.objects.technique("publication")
    f.reprendre({(monde["ramq"], monde["t1"]): {monde["papier"]: (1, 2)}}, f.instant("2023-05-01"))

    assert publier(compte).publiee_par == compte


# --- T12: le calendrier ----------------------------------------------------------------------------------------------


@pytest.fixture
def editrice(monde):
    return f.publieur()


@pytest.mark.parametrize(
    ("annonces", "conforme"),
    [
        ([], False),
        ([("2023-05-18", "2023-04-20")], True),
        ([("2023-05-18", "2023-04-21")], False),
        ([("2023-05-18", "2022-12-08")], True),
        ([("2023-05-17", "2022-12-08")], False),
        ([("2023-05-19", "2022-12-08")], False),
        ([("2023-06-01", "2022-12-08"), ("2023-05-18", "2023-04-20")], True),
        ([("2023-06-01", "2022-12-08"), ("2023-05-18", "2023-04-21")], False),
        ([("2023-05-18", "2022-12-08"), ("2023-06-01", "2023-05-01")], False),
    ],
)
def test_une_edition_est_annoncee_si_le_calendrier_donnait_ce_jour_quatre_semaines_avant(editrice, annonces, conforme):
    for rang, (jour, le) in enumerate(annonces):
        p.annoncer("2023-T1", jour, le, motif="Un retard" if rang else "")
    if not conforme:
        with pytest.raises(PublicationRefusee, match="quatre semaines d'avance"):
            publier(editrice, hors_calendrier=" \n")
        assert not Edition.objects.exists()
    raison = "" if conforme else "Une panne."

    assert publier(editrice, hors_calendrier="Une panne.").hors_calendrier == raison


def test_le_jour_est_celui_de_montreal(editrice):
    minuit = datetime.datetime(2023, 5, 19, 4, tzinfo=datetime.UTC)
    p.annoncer("2023-T1", "2023-05-19", "2023-04-01")
    with pytest.raises(PublicationRefusee, match="quatre semaines"):
        publier(editrice, le=minuit - UN, hors_calendrier="")

    assert publier(editrice, le=minuit, hors_calendrier="").hors_calendrier == ""


@pytest.mark.parametrize(("heure", "jours"), [(4, 28), (5, 27)])
def test_le_preavis_se_compte_en_jours_de_montreal(editrice, heure, jours):
    """Le 3 mars à 4 h, temps universel, il est encore 23 h le 2 à Montréal."""
    le = datetime.datetime(2023, 3, 3, heure, tzinfo=datetime.UTC)

    assert p.annoncer("2022-T4", "2023-03-30", le=le).preavis.days == jours


def test_une_edition_corrective_s_explique_par_sa_note(editrice):
    publier(editrice)
    corrective = publier(editrice, le=T2, note="Une faute.", hors_calendrier="")

    assert (corrective.code, corrective.hors_calendrier) == ("2023-T1-r1", "")


def test_la_raison_est_figee_dans_le_dossier_et_la_page_la_montre(client, editrice):
    raison = "Une <panne> du 17 mai."
    publier(editrice, hors_calendrier=raison).designer()

    assert json.loads(depot.lire("2023-T1", "indicateurs.json"))["edition"]["hors_calendrier"] == raison
    assert not any(f.problemes().values())
    page = re.sub(r"</?span[^>]*>", "", client.get("/donnees/2023-T1/").content.decode())
    assert "Parue hors du calendrier annoncé&nbsp;: Une &lt;panne&gt; du 17 mai." in page


def test_une_edition_annoncee_n_en_dit_rien(client, editrice):
    p.annoncer("2023-T1", "2023-05-18", "2023-01-01")
    publier(editrice).designer()

    assert "hors_calendrier" not in json.loads(depot.lire("2023-T1", "indicateurs.json"))["edition"]
    assert "hors du calendrier" not in client.get("/donnees/2023-T1/").content.decode()


@pytest.mark.parametrize(
    ("option", "dit"), [([], "Publiée par une commande"), (["--hors-calendrier", "Un essai."], "Un essai.")]
)
def test_la_commande_publie_un_jour_non_annonce_en_disant_pourquoi(monde, option, dit):
    sortie = StringIO()
    call_command("publier", "2023-T1", *option, stdout=sortie)

    assert Edition.objects.get().hors_calendrier.startswith(dit)
    assert f"Hors du calendrier annoncé\xa0: {dit}" in sortie.getvalue()
