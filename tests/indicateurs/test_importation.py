"""Un fichier confronté à la base: tout d'un coup, ou rien."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from indicateurs.models import EvenementSoumission, Indicateur, Soumission, Trimestre, Valeur
from organisations.models import Organisation, Utilisateur
from tests import fabrique as f

pytestmark = pytest.mark.django_db
ENTETE = "organisation,sigle,trimestre,indicateur,numerateur,denominateur"
BONNE = "Régie de l'assurance maladie,RAMQ,2022-T4,sans-papier,60,100"


@pytest.fixture
def fichier(tmp_path):
    """Écrit un CSV et rend son chemin."""

    def ecrire(*lignes: str, entete: str = ENTETE):
        chemin = tmp_path / "reprise.csv"
        chemin.write_text("\n".join([entete, *lignes]) + "\n", encoding="utf-8")
        return str(chemin)

    return ecrire


def importer(chemin: str, *options: str) -> dict:
    sortie = StringIO()
    call_command("importer_valeurs", chemin, "--json", *options, stdout=sortie)
    return json.loads(sortie.getvalue())


def refuser(chemin: str, *options: str) -> list[dict]:
    """Les erreurs d'un fichier refusé, et la certitude que rien n'est écrit."""
    sortie = StringIO()
    avant = Valeur.objects.count(), Soumission.objects.count(), Organisation.objects.count()
    with pytest.raises(CommandError):
        call_command("importer_valeurs", chemin, "--json", *options, stdout=sortie)
    assert (Valeur.objects.count(), Soumission.objects.count(), Organisation.objects.count()) == avant
    return json.loads(sortie.getvalue())["erreurs"]


def test_une_organisation_creee_declare_depuis_le_premier_trimestre_du_fichier(fichier):
    importer(fichier(BONNE, BONNE.replace("2022-T4", "2021-T2")), "--creer", "--valider")
    ramq = Organisation.objects.get(sigle="RAMQ")
    assert (ramq.nom, ramq.assujettie_du.isoformat()) == ("Régie de l'assurance maladie", "2021-04-01")
    assert Indicateur.objects.get().definitions.get().applicable_du.isoformat() == "2021-04-01"


def test_un_trimestre_cree_ouvre_le_lendemain_et_echoit_45_jours_apres(fichier):
    importer(fichier(BONNE), "--creer", "--valider")
    trimestre = Trimestre.objects.get(code="2022-T4")
    assert (trimestre.ouvre_le.isoformat(), trimestre.echeance_le.isoformat()) == ("2023-01-01", "2023-02-14")


def test_la_reprise_declare_et_valide_sous_deux_comptes_qui_ne_peuvent_pas_entrer(fichier, client):
    importer(fichier(BONNE), "--creer", "--valider")
    lignes = EvenementSoumission.objects.order_by("pk").values_list("de", "vers", "par__email")
    assert list(lignes) == [
        ("BROUILLON", "SOUMIS", "reprise-declaration@technique.invalid"),
        ("SOUMIS", "VALIDE", "reprise-validation@technique.invalid"),
    ]
    for compte in Utilisateur.objects.all():
        assert not compte.is_active
        assert not compte.has_usable_password()


def test_toutes_les_erreurs_viennent_en_une_passe(fichier):
    f.organisation("RAMQ")
    f.indicateur("sans-papier")
    f.trimestre("2022-T4")
    erreurs = refuser(
        fichier(
            BONNE,
            "Inconnue,XYZ,2022-T4,sans-papier,1,2",
            "Régie,RAMQ,2022-T4,inconnu,1,2",
            "Régie,RAMQ,2022-T3,sans-papier,1,2",
            "Régie,RAMQ,2022-T9,sans-papier,1,2",
            "Régie,RAMQ,2022-T4,sans-papier,3,2",
            "Régie,RAMQ,2022-T4,sans-papier,,2",
        )
    )
    trouvees = {(erreur["ligne"], erreur["colonne"]) for erreur in erreurs}
    assert {(3, "sigle"), (4, "indicateur"), (5, "trimestre"), (6, "trimestre"), (7, "numerateur")} <= trouvees
    assert (8, "numerateur") in trouvees


def test_une_organisation_qui_ne_declarait_pas_encore_est_refusee(fichier):
    f.organisation("RAMQ", assujettie_du=f.trimestre("2023-T1").debut)
    f.indicateur("sans-papier")
    f.trimestre("2022-T4")
    assert [e["colonne"] for e in refuser(fichier(BONNE), "--valider")] == ["trimestre"]


def test_un_indicateur_pas_encore_en_vigueur_est_refuse(fichier):
    f.organisation("RAMQ")
    f.indicateur("sans-papier", du=f.trimestre("2023-T1").debut)
    f.trimestre("2022-T4")
    assert [e["colonne"] for e in refuser(fichier(BONNE), "--valider")] == ["indicateur"]


def test_un_trimestre_qui_n_est_pas_termine_est_refuse_meme_avec_creer(fichier):
    erreurs = refuser(fichier(BONNE.replace("2022-T4", "2099-T4")), "--creer", "--valider")
    assert "trimestre" in {e["colonne"] for e in erreurs}
    assert not Organisation.objects.exists()


def test_deux_noms_pour_un_sigle_sont_une_erreur_mais_pas_deux_apostrophes(fichier):
    courbe = BONNE.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}").replace("2022-T4", "2022-T3")
    importer(fichier(BONNE, courbe), "--creer", "--valider")
    autre = "Autre régie,RAMQ,2022-T2,sans-papier,1,2"
    erreurs = refuser(fichier(BONNE, autre), "--creer", "--valider")
    assert {e["ligne"] for e in erreurs} == {3}
    assert "organisation" in {e["colonne"] for e in erreurs}


def test_sans_valider_les_lignes_deviennent_des_brouillons(fichier):
    importer(fichier(BONNE), "--creer")
    soumission = Soumission.objects.get()
    assert (soumission.statut, soumission.valeurs.get().numerateur) == ("BROUILLON", 60)
    assert importer(fichier(BONNE), "--creer")["inchangees"] == 1


def test_une_valeur_differente_ouvre_une_correction_et_l_ancienne_reste(fichier):
    importer(fichier(BONNE), "--creer", "--valider")
    bilan = importer(fichier(BONNE.replace(",60,", ",61,")), "--valider")
    assert bilan["corrections"] == 1
    versions = Soumission.objects.order_by("version").values_list("version", "statut", "motif_de_correction")
    assert list(versions) == [(1, "REMPLACE", ""), (2, "VALIDE", "Reprise du fichier reprise.csv")]
    importer(fichier(BONNE.replace(",60,", ",62,")))
    assert Soumission.objects.get(version=3).statut == "BROUILLON"


def test_une_version_en_relecture_n_est_jamais_ecrasee(fichier):
    organisation, indicateur, trimestre = f.organisation("RAMQ"), f.indicateur("sans-papier"), f.trimestre("2022-T4")
    f.transmise(organisation, trimestre, {indicateur: (1, 2)})
    for options in ([], ["--valider"]):
        assert [e["colonne"] for e in refuser(fichier(BONNE), *options)] == ["trimestre"]


def test_simuler_n_ecrit_rien(fichier):
    bilan = importer(fichier(BONNE), "--creer", "--valider", "--simuler")
    assert (bilan["valeurs"], bilan["simulation"]) == (1, True)
    assert not Organisation.objects.exists()
    assert not Utilisateur.objects.exists()


def test_partiel_ecrit_les_bonnes_lignes_et_range_les_autres_pretes_a_relire(fichier, tmp_path):
    refusees = tmp_path / "refusees.csv"
    chemin = fichier(BONNE, "Régie,RAMQ 2,2022-T4,sans-papier,3,2", "Régie 3,RAMQ3,2022-T4,sans-papier,1 ,")
    bilan = importer(chemin, "--creer", "--valider", "--partiel", "--refusees", str(refusees))
    assert (bilan["valeurs"], len(bilan["erreurs"]), bilan["refusees"]) == (1, 2, str(refusees))
    refusees.write_text(refusees.read_text().replace(",3,2,", ",1,2,").replace(",1 ,,", ",1,4,"))
    encore = importer(str(refusees), "--creer", "--valider")
    assert (encore["valeurs"], encore["erreurs"]) == (2, [])


def test_un_fichier_illisible_ne_se_prend_pas_en_partie(fichier, tmp_path):
    binaire = tmp_path / "image.csv"
    binaire.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    assert refuser(str(binaire), "--partiel", "--creer", "--valider")
    assert refuser(str(tmp_path / "absent.csv"), "--partiel")
    assert refuser(fichier(BONNE, entete="a,b,c"), "--partiel")


def test_absences_et_zero_restent_trois_choses(fichier):
    importer(
        fichier(
            BONNE.replace("60,100", "0,100"),
            BONNE.replace("RAMQ", "SAAQ").replace("60,100", "ND,ND"),
            BONNE.replace("RAMQ", "SQ").replace("60,100", "SO,SO"),
        ),
        "--creer",
        "--valider",
    )
    reponses = Valeur.objects.order_by("soumission__organisation__sigle").values_list("numerateur", "absence")
    assert list(reponses) == [(0, ""), (None, "NON_DISPONIBLE"), (None, "SANS_OBJET")]
