"""Une organisation propose une fiche d'expertise: un brouillon ne se plaint pas, transmettre vérifie tout."""

import pytest
from django.core import mail

from indicateurs.models import FicheExpertise
from organisations.horloge import maintenant
from organisations.models import TransitionInterdite
from tests import fabrique as f
from tests.collaboration import TABLES, fiche, tapee, vers
from tests.indicateurs.espace import Page, entree

pytestmark = pytest.mark.django_db


def photo() -> dict:
    return f.photo(*TABLES) | {"courriels": len(mail.outbox)}


def proposer(navigateur, ici, papier, **tape):
    return navigateur.post(vers("fiche_proposer", ici), tapee(papier, **tape))


def la_fiche() -> FicheExpertise:
    return FicheExpertise.objects.order_by("-version").first()


def valider(une: FicheExpertise, cqen) -> FicheExpertise:
    une.soumettre(par=une.cree_par, le=maintenant())
    une.valider(par=cqen, le=maintenant())
    return une


def test_un_brouillon_s_enregistre_avec_un_titre_et_un_indicateur(moi, ici, papier, personne):
    reponse = proposer(moi, ici, papier, realisation="", resultat="", contact="pas une adresse")

    assert (reponse.status_code, reponse.headers["Location"]) == (303, vers("fiche", ici, "signer-sans-papier"))
    ecrite = la_fiche()
    assert (ecrite.statut, ecrite.organisation, ecrite.cree_par) == ("BROUILLON", ici, personne)
    assert ecrite.contenu() == {
        "indicateur": "papier",
        "titre": "Signer sans papier",
        "realisation": "",
        "resultat": "",
        "contact": "pas une adresse",
    }
    assert f.rejouer(ecrite) == ecrite.contenu()
    assert "Le brouillon est enregistré" in Page(moi.get(reponse.headers["Location"])).texte


@pytest.mark.parametrize(
    ("tape", "phrase"),
    [
        ({"titre": ""}, "Titre"),
        ({"titre": "x" * 251}, "Titre"),
        ({"indicateur": ""}, "Indicateur"),
        ({"indicateur": "inconnu"}, "Choisissez un indicateur de la liste."),
        ({"realisation": "a\0b"}, "Ce qui a été fait"),
        ({"realisation": "x" * 50_001}, "Ce qui a été fait"),
    ],
)
def test_ce_que_la_base_ne_peut_pas_garder_est_refuse_et_reste_dans_la_page(moi, ici, papier, tape, phrase):
    page = Page(refusee := proposer(moi, ici, papier, **{"resultat": "Gardé tel quel."} | tape))

    assert refusee.status_code == 400
    assert phrase in page.texte
    assert page.formulaires[""]["resultat"] == "Gardé tel quel."
    assert not FicheExpertise.objects.exists()


def test_transmettre_dit_tous_les_problemes_en_tete_chacun_lie_a_son_champ(moi, ici, papier):
    refusee = proposer(
        moi, ici, papier, geste="transmettre", titre="", realisation="x" * 5001, resultat="", contact="a"
    )
    page = Page(refusee)

    assert refusee.status_code == 400
    assert [ancre for ancre in page.ancres if ancre.startswith("#id_")] == [
        "#id_titre",
        "#id_realisation",
        "#id_resultat",
        "#id_contact",
    ]
    assert "raccourcissez-le à 5000" in page.texte
    assert not FicheExpertise.objects.exists()


def test_une_fiche_complete_part_avec_un_accuse(moi, ici, papier, personne, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        reponse = proposer(moi, ici, papier, geste="transmettre")

    assert reponse.status_code == 303
    assert (la_fiche().statut, la_fiche().soumis_par) == ("SOUMIS", personne)
    assert [courriel.to for courriel in mail.outbox] == [[personne.email]]
    assert "en relecture au CQEN" in Page(moi.get(reponse.headers["Location"])).texte


def test_qui_redige_seulement_ne_transmet_pas_et_ne_perd_rien(collegue, ici, papier):
    refusee = proposer(collegue, ici, papier, geste="transmettre")

    assert refusee.status_code == 403
    assert "Votre rôle permet de rédiger." in Page(refusee).texte
    assert Page(refusee).formulaires[""]["realisation"] == "Tout est revu."
    assert not FicheExpertise.objects.exists()


@pytest.mark.parametrize("geste", ["enregistrer", "transmettre"])
def test_le_meme_envoi_rejoue_ne_refait_rien(moi, ici, papier, geste, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        premiere = proposer(moi, ici, papier, geste=geste)
        avant = photo()
        seconde = proposer(moi, ici, papier, geste=geste)

    assert (seconde.status_code, seconde.headers["Location"]) == (303, premiere.headers["Location"])
    assert f.photo(*TABLES) == {nom: avant[nom] for nom in f.photo(*TABLES)}
    assert len(mail.outbox) == (1 if geste == "transmettre" else 0)


def test_rejouer_la_proposition_d_une_fiche_renvoyee_depuis_ne_la_retransmet_pas(moi, ici, papier, cqen):
    proposer(moi, ici, papier, geste="transmettre")
    la_fiche().renvoyer(par=cqen, le=maintenant(), motif="Précisez.")
    avant = photo()
    rejouee = proposer(moi, ici, papier, geste="transmettre")

    assert rejouee.status_code == 409
    assert "a changé depuis" in Page(rejouee).texte
    assert photo() == avant


def test_deux_fiches_de_meme_titre_ont_deux_adresses_et_une_reservee_reste_libre(moi, ici, papier):
    for realisation in ("Une", "Deux"):
        proposer(moi, ici, papier, realisation=realisation)
    proposer(moi, ici, papier, titre="Proposer")
    proposer(moi, ici, papier, titre="!!!")
    proposer(moi, ici, papier, titre="é" * 250)

    references = list(FicheExpertise.objects.order_by("pk").values_list("reference", flat=True))
    assert references == ["signer-sans-papier", "signer-sans-papier-2", "proposer-2", "fiche", "e" * 70]


def test_la_reference_ne_change_pas_avec_le_titre(moi, ici, papier, personne):
    ecrite = fiche(ici, papier, personne)
    moi.post(vers("fiche", ici, ecrite.reference), tapee(papier, jeton=ecrite.jeton, titre="Un autre titre"))

    assert (la_fiche().titre, la_fiche().reference) == ("Un autre titre", "signer-sans-papier")


def test_une_fiche_partie_ne_se_modifie_plus_et_ce_qui_etait_tape_se_lit(moi, ici, papier, personne):
    ecrite = fiche(ici, papier, personne)
    jeton = ecrite.jeton
    ecrite.soumettre(par=personne, le=maintenant())
    avant = photo()
    for tape in ({"resultat": "Tapé trop tard."}, {"titre": "", "resultat": "Tapé trop tard."}):
        refusee = moi.post(vers("fiche", ici, ecrite.reference), tapee(papier, jeton=jeton, **tape))
        assert refusee.status_code == 409
        assert "Tapé trop tard." in Page(refusee).texte
    assert photo() == avant


def test_le_message_du_cqen_se_lit_et_la_fiche_repart(moi, ici, papier, personne, cqen):
    ecrite = fiche(ici, papier, personne)
    ecrite.soumettre(par=personne, le=maintenant())
    ecrite.renvoyer(par=cqen, le=maintenant(), motif="Combien de personnes?")
    page = moi.get(vers("fiche", ici, ecrite.reference))

    assert "Combien de personnes?" in Page(page).texte
    envoi = tapee(papier, "transmettre", ecrite.jeton, realisation="Trois personnes.")
    assert moi.post(vers("fiche", ici, ecrite.reference), envoi).status_code == 303
    assert (la_fiche().statut, la_fiche().realisation) == ("SOUMIS", "Trois personnes.")


def test_corriger_ouvre_une_version_avec_son_motif_et_l_acceptee_reste_publique(moi, ici, papier, personne, cqen):
    acceptee = valider(fiche(ici, papier, personne), cqen)
    adresse = vers("fiche_corriger", ici, acceptee.reference)
    assert moi.post(adresse, {"motif": ""}).status_code == 400
    for _ in range(2):  # la seconde fois, rejoué
        assert moi.post(adresse, {"motif": "Un chiffre a changé."}).status_code == 303

    nouvelle = la_fiche()
    assert (nouvelle.version, nouvelle.statut, nouvelle.motif_de_correction) == (2, "BROUILLON", "Un chiffre a changé.")
    assert nouvelle.contenu() == acceptee.contenu() == f.rejouer(nouvelle)
    assert list(FicheExpertise.objects.valides()) == [acceptee]
    assert "Accepté; une correction est en cours" in Page(moi.get(vers("fiches", ici))).texte
    assert moi.post(adresse, {"motif": "Un autre."}).status_code == 409
    assert acceptee.titre in Page(moi.get(vers("fiche_version", ici, acceptee.reference, 1))).texte


def test_le_verbe_refuse_une_fiche_incomplete_ou_au_contact_impossible(ici, papier, personne):
    for champs, phrase in (
        ({"resultat": " "}, "incomplète"),
        ({"contact": "pas une adresse"}, "adresse de courriel"),
        ({"realisation": "x" * 5001}, "trop longue"),
    ):
        ecrite = fiche(ici, papier, personne, titre=phrase, **champs)
        with pytest.raises(TransitionInterdite, match=phrase):
            ecrite.soumettre(par=personne, le=maintenant())


def test_la_fiche_d_autrui_n_existe_pas(ici, papier):
    autre = f.organisation("SAAQ")
    fiche(autre, papier, titre="La leur")
    intrus = entree(f.declarant(ici))
    for slug in (autre, ici):
        assert intrus.get(vers("fiche", slug, "la-leur")).status_code == 404
        assert intrus.post(vers("fiche", slug, "la-leur"), tapee(papier)).status_code == 404
        assert intrus.post(vers("fiche_corriger", slug, "la-leur"), {"motif": "x"}).status_code == 404
        assert intrus.get(vers("fiche_version", slug, "la-leur", 1)).status_code == 404


def test_la_liste_fait_autant_de_requetes_pour_une_ou_dix_fiches(moi, ici, papier, personne, django_assert_num_queries):
    fiche(ici, papier, personne, titre="Une")
    moi.get(vers("fiches", ici))
    for rang in range(9):
        fiche(ici, papier, personne, titre=f"Fiche {rang}")
    with django_assert_num_queries(4):  # la séance, la personne, l'organisation, les fiches
        assert Page(moi.get(vers("fiches", ici))).texte.count("En brouillon") == 10


def test_un_vieux_proposer_rejoue_dit_que_la_fiche_est_deja_commencee(moi, ici, papier):
    proposer(moi, ici, papier)
    moi.post(vers("fiche", ici, la_fiche().reference), tapee(papier, jeton=la_fiche().jeton, resultat="Trois jours."))
    avant = photo()
    texte = Page(moi.get(proposer(moi, ici, papier).headers["Location"])).texte

    assert photo() == avant
    assert "Cette fiche est déjà commencée; voici sa dernière version." in texte
    assert "Rien n'a changé" not in texte


def test_une_fiche_acceptee_mene_a_sa_page_publique_meme_pendant_sa_correction(moi, ici, papier, personne, cqen):
    une = fiche(ici, papier, par=personne)
    page, publique = vers("fiche", ici, une.reference), vers("fiche_publique", ici, une.reference)
    assert publique not in Page(moi.get(page)).ancres
    assert publique not in Page(moi.get(vers("fiche_proposer", ici))).ancres
    valider(une, cqen)
    assert publique in Page(moi.get(page)).ancres
    une.corriger(par=personne, le=maintenant(), motif="Une coquille.")
    assert publique in Page(moi.get(page)).ancres
    assert moi.get(publique).status_code == 200
