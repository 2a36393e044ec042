"""Un fichier confronté à la base: tout d'un coup, ou rien."""

from functools import partial

import pytest
from django.core.management.base import CommandError

from indicateurs.models import EvenementSoumission, Indicateur, Soumission, Trimestre, Valeur
from organisations.models import Organisation, Utilisateur
from tests import fabrique as f
from tests.lectures import IMPOSSIBLE, RAMQ, dire, ecrire_csv, importer, refuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def fichier(tmp_path):
    """Écrit un CSV et rend son chemin."""
    return partial(ecrire_csv, tmp_path / "reprise.csv")


def test_une_organisation_creee_declare_depuis_le_premier_trimestre_du_fichier(fichier):
    importer(fichier(RAMQ, RAMQ.replace("2022-T4", "2021-T2")), "--creer", "--valider")
    ramq = Organisation.objects.get(sigle="RAMQ")
    assert (ramq.nom, ramq.assujettie_du.isoformat()) == ("Régie de l'assurance maladie", "2021-04-01")
    assert Indicateur.objects.get().definitions.get().applicable_du.isoformat() == "2021-04-01"


def test_un_trimestre_cree_ouvre_le_lendemain_et_echoit_45_jours_apres(fichier):
    importer(fichier(RAMQ), "--creer", "--valider")
    trimestre = Trimestre.objects.get(code="2022-T4")
    assert (trimestre.ouvre_le.isoformat(), trimestre.echeance_le.isoformat()) == ("2023-01-01", "2023-02-14")


def test_la_reprise_declare_et_valide_sous_deux_comptes_qui_ne_peuvent_pas_entrer(fichier, client):
    importer(fichier(RAMQ), "--creer", "--valider")
    lignes = EvenementSoumission.objects.order_by("pk").values_list("de", "vers", "par__email")
    assert list(lignes) == [
        ("BROUILLON", "BROUILLON", "reprise-declaration@technique.invalid"),
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
            RAMQ,
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
    assert [e["colonne"] for e in refuser(fichier(RAMQ), "--valider")] == ["trimestre"]


def test_un_indicateur_pas_encore_en_vigueur_est_refuse(fichier):
    f.organisation("RAMQ")
    f.indicateur("sans-papier", du=f.trimestre("2023-T1").debut)
    f.trimestre("2022-T4")
    assert [e["colonne"] for e in refuser(fichier(RAMQ), "--valider")] == ["indicateur"]


def test_un_trimestre_qui_n_est_pas_termine_est_refuse_meme_avec_creer(fichier):
    erreurs = refuser(fichier(RAMQ.replace("2022-T4", "2099-T4")), "--creer", "--valider")
    assert "trimestre" in {e["colonne"] for e in erreurs}
    assert not Organisation.objects.exists()


def test_deux_noms_pour_un_sigle_sont_une_erreur_mais_pas_deux_apostrophes(fichier):
    courbe = RAMQ.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}").replace("2022-T4", "2022-T3")
    importer(fichier(RAMQ, courbe), "--creer", "--valider")
    autre = "Autre régie,RAMQ,2022-T2,sans-papier,1,2"
    erreurs = refuser(fichier(RAMQ, autre), "--creer", "--valider")
    assert {e["ligne"] for e in erreurs} == {3}
    assert "organisation" in {e["colonne"] for e in erreurs}


def test_sans_valider_les_lignes_deviennent_des_brouillons(fichier):
    importer(fichier(RAMQ), "--creer")
    soumission = Soumission.objects.get()
    assert (soumission.statut, soumission.valeurs.get().numerateur) == ("BROUILLON", 60)
    assert importer(fichier(RAMQ), "--creer")["inchangees"] == 1


def test_une_valeur_differente_ouvre_une_correction_et_l_ancienne_reste(fichier):
    importer(fichier(RAMQ), "--creer", "--valider")
    bilan = importer(fichier(RAMQ.replace(",60,", ",61,")), "--valider")
    assert bilan["corrections"] == 1
    versions = Soumission.objects.order_by("version").values_list("version", "statut", "motif_de_correction")
    assert list(versions) == [(1, "REMPLACE", ""), (2, "VALIDE", "Reprise du fichier reprise.csv")]
    importer(fichier(RAMQ.replace(",60,", ",62,")))
    assert Soumission.objects.get(version=3).statut == "BROUILLON"


def test_une_version_en_relecture_n_est_jamais_ecrasee(fichier):
    organisation, indicateur, trimestre = f.organisation("RAMQ"), f.indicateur("sans-papier"), f.trimestre("2022-T4")
    f.transmise(organisation, trimestre, {indicateur: (1, 2)})
    for options in ([], ["--valider"]):
        assert [e["colonne"] for e in refuser(fichier(RAMQ), *options)] == ["trimestre"]


def test_simuler_n_ecrit_rien(fichier):
    bilan = importer(fichier(RAMQ), "--creer", "--valider", "--simuler")
    assert (bilan["valeurs"], bilan["simulation"]) == (1, True)
    assert not Organisation.objects.exists()
    assert not Utilisateur.objects.exists()


def test_absences_et_zero_restent_trois_choses(fichier):
    importer(
        fichier(
            RAMQ.replace("60,100", "0,100"),
            RAMQ.replace("RAMQ", "SAAQ").replace("60,100", "ND,ND"),
            RAMQ.replace("RAMQ", "SQ").replace("60,100", "SO,SO"),
        ),
        "--creer",
        "--valider",
    )
    reponses = Valeur.objects.order_by("soumission__organisation__sigle").values_list("numerateur", "absence")
    assert list(reponses) == [(0, ""), (None, "NON_DISPONIBLE"), (None, "SANS_OBJET")]


# --- les sigles et les noms ---


@pytest.mark.parametrize("sigle", ["Ж", "\N{LATIN SMALL LIGATURE FFI}" * 14])
def test_un_sigle_dont_l_adresse_est_vide_ou_trop_longue_est_une_erreur(fichier, sigle):
    (erreur,) = refuser(fichier(RAMQ, RAMQ.replace("RAMQ", sigle)), "--creer", "--valider")
    assert (erreur["ligne"], erreur["colonne"], erreur["lu"]) == (3, "sigle", sigle)


def test_deux_sigles_d_une_meme_adresse_sont_une_erreur_dans_le_fichier_comme_avec_la_base(fichier):
    f.organisation("É-T")
    lignes = RAMQ.replace("RAMQ", "A B"), RAMQ.replace("RAMQ", "A-B"), RAMQ.replace("RAMQ", "E T")
    erreurs = refuser(fichier(*lignes, lignes[1].replace("T4", "T3"), RAMQ), "--creer", "--valider")
    assert [(erreur["ligne"], erreur["colonne"]) for erreur in erreurs] == [(3, "sigle"), (4, "sigle"), (5, "sigle")]
    assert "«\xa0a-b\xa0», est celle de «\xa0A B\xa0»" in erreurs[0]["attendu"]
    assert "celle de «\xa0É-T\xa0»" in erreurs[1]["attendu"]


def test_la_casse_d_un_sigle_ne_fait_pas_deux_organisations(fichier):
    importer(fichier(RAMQ, RAMQ.replace("RAMQ", "ramq").replace("T4", "T3")), "--creer", "--valider")
    assert Organisation.objects.get().sigle == "RAMQ"


def test_une_organisation_connue_sous_un_autre_nom_est_acceptee_et_signalee(fichier):
    f.organisation("RAMQ", nom="Régie de l\N{RIGHT SINGLE QUOTATION MARK}ASSURANCE  maladie")
    f.organisation("SAAQ", nom="Ancien nom")
    lignes = RAMQ, "Nouveau nom,saaq,2022-T4,sans-papier,1,2", "Nouveau nom,SAAQ,2022-T3,sans-papier,1,2"
    bilan = importer(fichier(*lignes), "--creer", "--valider")
    assert (bilan["valeurs"], bilan["erreurs"]) == (3, [])
    assert bilan["avertissements"] == [{"ligne": 3, "sigle": "SAAQ", "lu": "Nouveau nom", "connu": "Ancien nom"}]
    assert Organisation.objects.get(sigle="SAAQ").nom == "Ancien nom"
    dit = dire(fichier(*lignes), "--valider")
    assert "1 avertissement :\n- ligne 3, SAAQ : le fichier dit « Nouveau nom », la base « Ancien nom ».\n" in dit


# --- le compte rendu ---


def test_le_compte_rendu_s_accorde(fichier, tmp_path):
    chemin, refusees = fichier(RAMQ, IMPOSSIBLE), tmp_path / "r.csv"
    options = ("--valider", "--partiel", "--refusees", str(refusees))
    assert dire(chemin, "--creer", *options).splitlines() == [
        "1 trimestre créé.",
        "1 organisation créée.",
        "1 indicateur créé.",
        "1 valeur écrite dans 1 soumission; 0 déjà connue.",
        f"1 ligne refusée, rangée dans {refusees}.",
    ]
    assert dire(chemin, *options).startswith("0 valeur écrite dans 0 soumission; 1 déjà connue.\n")
    deux = fichier(RAMQ.replace(",60,", ",61,"), RAMQ.replace("T4", "T3"), RAMQ.replace("T4", "T2"))
    ramq = Organisation.objects.filter(sigle="RAMQ")
    ramq.update(assujettie_du=f.DEBUT)
    Indicateur.objects.get().definitions.update(applicable_du=f.DEBUT)
    assert dire(deux, "--creer", "--valider", "--simuler").splitlines() == [
        "2 trimestres créés.",
        "3 valeurs écrites dans 3 soumissions, dont 1 correction; 0 déjà connue.",
        "Simulation : rien n'a été écrit.",
    ]


def test_le_nombre_d_erreurs_s_accorde(fichier):
    for lignes, phrase in (([IMPOSSIBLE], "1 erreur"), ([IMPOSSIBLE, "x"], "2 erreurs")):
        with pytest.raises(CommandError, match=rf"^{phrase}\s: rien n'a été écrit\.$"):
            dire(fichier(*lignes), "--creer")


def test_un_trimestre_qui_n_est_pas_ouvert_ne_se_reprend_pas(fichier):
    f.organisation("RAMQ")
    f.indicateur("sans-papier")
    Trimestre.objects.filter(pk=f.trimestre("2022-T4").pk).update(ouvre_le="2099-01-01", echeance_le="2099-02-01")
    assert [erreur["colonne"] for erreur in refuser(fichier(RAMQ), "--valider")] == ["trimestre"]
