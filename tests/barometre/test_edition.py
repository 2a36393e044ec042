"""Publier est tout ou rien; ce qui est publié ne bouge plus d'un octet, et chaque silence y a sa ligne."""

import hashlib
import json
from itertools import count

import pytest

from barometre import depot, formats
from barometre.models import Agregat, Edition, PublicationRefusee
from indicateurs.models import Cible, Definition, Indicateur, Soumission, Trimestre
from organisations.models import Organisation, Utilisateur
from tests import fabrique as f
from tests import mondes

pytestmark = pytest.mark.django_db


@pytest.fixture
def monde():
    return mondes.petit_monde()


@pytest.fixture
def publiee(monde) -> Edition:
    return f.edition(f.trimestre("2023-T1"), mondes.ARRET)


def lignes(edition: Edition, nom: str = "valeurs.csv") -> list[dict[str, str]]:
    return formats.lire_csv(depot.lire(edition.code, nom))


def tout_le_depot() -> set[str]:
    return {str(chemin) for chemin in depot.racine().rglob("*")}


def empreinte_de(edition: Edition) -> str:
    sommes = depot.lire(edition.code, "SHA256SUMS")
    return hashlib.sha256(sommes + (edition.precedente.empreinte if edition.precedente else "").encode()).hexdigest()


# --- publier ---------------------------------------------------------------------------------------------------------


def test_publier_ecrit_cinq_fichiers_leurs_sommes_et_leurs_agregats(publiee):
    fichiers = {chemin.name: chemin.read_bytes() for chemin in depot.dossier("2023-T1").iterdir()}
    sommes = dict(reversed(somme.split("  ")) for somme in fichiers.pop("SHA256SUMS").decode().splitlines())

    assert set(fichiers) == {"chiffres.csv", "indicateurs.json", "organisations.csv", "valeurs.csv"}
    assert sommes == {nom: hashlib.sha256(octets).hexdigest() for nom, octets in fichiers.items()}
    assert publiee.empreinte == empreinte_de(publiee)
    assert publiee.agregats.count() == len(lignes(publiee, "chiffres.csv")) > 0
    assert (publiee.rang, publiee.precedente, publiee.arretee_le) == (1, None, mondes.ARRET)


def test_chaque_edition_s_enchaine_a_la_precedente(publiee):
    corrective = f.edition(publiee.trimestre, mondes.SUITE, note="Une faute")
    suivante = f.edition(f.trimestre("2023-T2"), f.instant("2023-10-01"))

    assert [e.code for e in Edition.objects.order_by("rang")] == ["2023-T1", "2023-T1-r1", "2023-T2"]
    for edition, precedente in ((corrective, publiee), (suivante, corrective)):
        assert edition.precedente == precedente
        assert edition.empreinte == empreinte_de(edition)
        assert json.loads(depot.lire(edition.code, "indicateurs.json"))["edition"]["precedente"] == {
            "code": precedente.code,
            "empreinte": precedente.empreinte,
        }


def test_l_edition_publiee_est_designee_une_fois_la_transaction_finie(monde, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        edition = f.edition(f.trimestre("2023-T1"), mondes.ARRET)
        assert depot.designee() is None

    assert depot.designee() == ("2023-T1", edition.empreinte, False, "")


@pytest.mark.parametrize(
    ("code", "le", "note", "phrase"),
    [
        ("2023-T3", "2023-09-30", "", "Le trimestre 2023-T3 n'est pas terminé."),
        ("2023-T3", "2023-08-15", "Note", "Le trimestre 2023-T3 n'est pas terminé."),
        ("2022-T4", "2023-07-01", "Note", "L'édition 2023-T1 couvre déjà le trimestre 2022-T4."),
        ("2023-T1", "2023-06-01", "Note", "L'édition 2023-T1 a été arrêtée après cet instant."),
        ("2023-T1", "2023-05-31", "Note", "L'édition 2023-T1 a été arrêtée après cet instant."),
        ("2023-T1", "2023-07-01", "", "une édition corrective demande une note qui dit pourquoi."),
        ("2023-T1", "2023-07-01", " \n", "une édition corrective demande une note qui dit pourquoi."),
    ],
)
def test_une_publication_refusee_dit_pourquoi_et_n_ecrit_rien(publiee, code, le, note, phrase):
    avant = f.photo(Edition, Agregat), tout_le_depot()
    trimestre, par = f.trimestre(code), f.publieur()
    for geste in (
        lambda: Edition.publier(trimestre=trimestre, par=par, le=f.instant(le), note=note),
        lambda: Edition.simuler(trimestre=trimestre, le=f.instant(le), note=note),
    ):
        with pytest.raises(PublicationRefusee) as refus:
            geste()
        assert str(refus.value).endswith(phrase)

    assert (f.photo(Edition, Agregat), tout_le_depot()) == avant


def test_publier_est_reserve_a_qui_en_a_le_droit(monde):
    desactivee = f.publieur()
    desactivee.is_active = False
    for intrus in (f.personne(is_staff=True), f.relecteur(), f.declarant(monde["RAMQ"]), desactivee):
        with pytest.raises(PublicationRefusee, match="droit"):
            Edition.publier(trimestre=f.trimestre("2023-T1"), par=intrus, le=mondes.ARRET)

    assert not Edition.objects.exists()


def test_une_commande_publie_sous_son_compte_technique(monde):
    compte = Utilisateur.objects.technique("publication")

    faits = {"trimestre": f.trimestre("2023-T1"), "le": mondes.ARRET, "hors_calendrier": f.HORS_CALENDRIER}
    assert Edition.publier(par=compte, **faits).publiee_par == compte


def test_une_edition_qui_suit_une_fictive_est_fictive(monde):
    f.edition(f.trimestre("2023-T1"), mondes.ARRET, fictive=True)

    assert f.edition(f.trimestre("2023-T2"), mondes.SUITE).fictive


# --- tout ou rien ----------------------------------------------------------------------------------------------------


class Panne(Exception):
    """Le disque ou la base lâche."""


def en_panne(*_, **__):
    raise Panne


def en_panne_au_fichier(numero: int):
    """Une écriture qui lâche à la moitié du fichier de ce numéro."""
    vraie, reste = depot._ecrire, count(-numero)

    def ecrire(chemin, octets):
        if next(reste) == 0:
            vraie(chemin, octets[: len(octets) // 2])
            raise Panne
        vraie(chemin, octets)

    return ecrire


PANNES = {
    "depot": (depot, "deposer", lambda: en_panne),
    "premier_fichier": (depot, "_ecrire", lambda: en_panne_au_fichier(0)),
    "dernier_fichier": (depot, "_ecrire", lambda: en_panne_au_fichier(4)),
    "renommage": (depot.Path, "rename", lambda: en_panne),
    "disque": (depot, "_synchroniser", lambda: en_panne),
    "edition": (Edition, "save", lambda: en_panne),
    "agregats": (Agregat.objects._queryset_class, "bulk_create", lambda: en_panne),
}


@pytest.mark.parametrize(("ou", "quoi", "panne"), PANNES.values(), ids=PANNES)
@pytest.mark.parametrize("deja", [False, True])
def test_une_panne_ne_laisse_rien_ni_en_base_ni_sur_le_disque(monde, monkeypatch, ou, quoi, panne, deja):
    if deja:
        f.edition(f.trimestre("2022-T4"), f.instant("2023-05-25"))
    depot.racine().mkdir(parents=True, exist_ok=True)
    avant = f.photo(Edition, Agregat), tout_le_depot()
    with monkeypatch.context() as m:
        m.setattr(ou, quoi, panne())
        with pytest.raises(Panne):
            f.edition(f.trimestre("2023-T1"), mondes.ARRET)

    assert (f.photo(Edition, Agregat), tout_le_depot()) == avant
    f.edition(f.trimestre("2023-T1"), mondes.ARRET)
    assert not any(f.problemes().values())


@pytest.mark.django_db(transaction=True)
def test_une_edition_publiee_garde_son_dossier_meme_si_on_ne_peut_pas_la_designer(monkeypatch):
    f.organisation("RAMQ")
    f.indicateur("papier")
    monkeypatch.setattr(depot, "designer", en_panne)
    edition = f.edition(f.trimestre("2023-T1"), mondes.ARRET)

    assert f.problemes() == {edition.code: []}


def test_le_dossier_orphelin_d_une_publication_interrompue_est_remplace(monde):
    orphelin = depot.dossier("2023-T1")
    orphelin.mkdir(parents=True)
    (orphelin / "valeurs.csv").write_bytes(b"faux")
    (orphelin / "reste").write_bytes(b"faux")
    f.edition(f.trimestre("2023-T1"), mondes.ARRET)

    assert len(list(orphelin.iterdir())) == 5
    assert f.problemes() == {"2023-T1": []}


def test_simuler_dit_tout_et_n_ecrit_rien(monde):
    tables = (Edition, Agregat, Soumission, Trimestre)
    trimestre = f.trimestre("2023-T1")
    avant = f.photo(*tables)
    projet = Edition.simuler(trimestre=trimestre, le=mondes.ARRET, note="Essai")

    assert (f.photo(*tables), tout_le_depot()) == (avant, set())
    publiee = f.edition(trimestre, mondes.ARRET)
    assert formats.en_csv("2023-T1", formats.CHIFFRES, projet.chiffres) == depot.lire(publiee.code, "chiffres.csv")
    assert formats.en_csv("2023-T1", formats.VALEURS, projet.cases) == depot.lire(publiee.code, "valeurs.csv")


# --- figée pour toujours ---------------------------------------------------------------------------------------------

GESTES = {
    "corriger": lambda: f.reprendre(
        {
            (Organisation.objects.get(sigle="RAMQ"), f.trimestre("2022-T2")): {
                Indicateur.objects.get(code="papier"): (1, 99)
            }
        },
        f.instant("2023-06-02"),
    ),
    "renommer": lambda: Organisation.objects.filter(sigle="RAMQ").update(nom="Autre nom", site_web="https://x.test"),
    "changer_de_categorie": lambda: Organisation.objects.filter(sigle="HQ").update(categorie="TRIBUNAL"),
    "changer_de_tutelle": lambda: Organisation.objects.filter(sigle="RAMQ").update(ministere=None),
    "finir": lambda: Organisation.objects.filter(sigle="CISSS-1").update(assujettie_au="2022-06-30"),
    "repousser_le_debut": lambda: Organisation.objects.filter(sigle="MSSS").update(assujettie_du="2023-01-01"),
    "deplacer_une_cible": lambda: Cible.objects.update(pourcentage=99),
    "supprimer_les_cibles": lambda: Cible.objects.all().delete(),
    "retirer_un_indicateur": lambda: Indicateur.objects.filter(code="papier").update(retire_le="2022-01-01"),
    "changer_la_regle": lambda: Indicateur.objects.update(libelle_numerateur="X", denominateur_minimal=9, ordre=7),
    "changer_un_intitule": lambda: Indicateur.objects.update(intitule="Autre"),
    "ajouter_une_definition": lambda: Definition.objects.create(
        indicateur=Indicateur.objects.get(code="papier"), applicable_du="2020-01-01", texte="Autre"
    ),
    "supprimer_une_definition": lambda: Definition.objects.filter(rupture=True).delete(),
    "deplacer_une_echeance": lambda: Trimestre.objects.update(echeance_le="2030-01-01"),
    "ajouter_un_indicateur": lambda: f.indicateur("nouveau"),
    "ajouter_une_organisation": lambda: f.organisation("AJOUT"),
    "ajouter_un_trimestre": lambda: f.trimestre("2021-T4"),
    "desactiver_tout_le_monde": lambda: Utilisateur.objects.update(is_active=False, nom="X"),
}


@pytest.mark.parametrize("gestes", [*([g] for g in GESTES.values()), GESTES.values()], ids=[*GESTES, "tous_a_la_fois"])
def test_rien_de_ce_qui_vit_ne_change_une_edition_publiee(publiee, gestes):
    avant = f.dossiers_publies()
    for geste in gestes:
        geste()

    assert f.dossiers_publies() == avant
    assert f.problemes() == {"2023-T1": []}
    f.edition(f.trimestre("2023-T2"), mondes.SUITE)
    assert {chemin: f.dossiers_publies()[chemin] for chemin in avant} == avant
    assert f.problemes() == {"2023-T1": [], "2023-T2": []}
