"""Une organisation demande l'appui du CQEN: un fil, que personne ne récrit, et que chaque partie apprend."""

import pytest
from django.core import mail
from django.db import InternalError
from django.db.utils import IntegrityError

from indicateurs.models import DemandeAccompagnement, MessageAccompagnement
from organisations.horloge import maintenant
from organisations.models import DroitManquant, Role
from tests import fabrique as f
from tests.collaboration import FIL, demande, vers
from tests.indicateurs.espace import Page, entree

pytestmark = pytest.mark.django_db
ENVOI = {"objet": "Classer nos données", "indicateur": "papier", "texte": "Par où commencer?"}


@pytest.fixture
def envoyes(django_capture_on_commit_callbacks):
    """Les destinataires de ce qui part pendant un geste."""

    def capter(geste) -> list[str]:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            geste()
        return sorted(courriel.to[0] for courriel in mail.outbox)

    return capter


def demander(navigateur, ici, **champs):
    return navigateur.post(vers("demande_nouvelle", ici), ENVOI | champs)


def test_une_demande_s_ouvre_avec_son_message_et_toute_l_equipe_l_apprend(moi, ici, papier, personne, cqen, envoyes):
    collegue = f.relecteur()
    f.publieur()
    assert envoyes(lambda: demander(moi, ici)) == sorted([cqen.email, collegue.email])

    posee = DemandeAccompagnement.objects.get()
    assert (posee.organisation, posee.indicateur, posee.demandee_par, posee.etat) == (ici, papier, personne, "Nouvelle")
    assert [(m.par, m.texte) for m in posee.messages.all()] == [(personne, "Par où commencer?")]
    assert "Nouvelle" in Page(moi.get(vers("accompagnement", ici))).texte
    assert "Par où commencer?" in Page(moi.get(vers("demande", ici, posee.pk))).texte


def test_le_courriel_ne_porte_ni_le_message_ni_un_nom(moi, ici, papier, personne, cqen, envoyes):
    personne.nom = "Ève Côté"
    personne.save()
    envoyes(lambda: demander(moi, ici, texte="Un secret de 418 mots."))
    [courriel] = mail.outbox

    assert "Classer nos données" in courriel.body
    assert f"/admin/indicateurs/demandeaccompagnement/{DemandeAccompagnement.objects.get().pk}/change/" in courriel.body
    assert not any(mot in courriel.body + courriel.subject for mot in ("418", "Ève", personne.email))


def test_la_meme_demande_envoyee_deux_fois_n_en_fait_qu_une(moi, ici, papier, cqen, envoyes):
    premiere = demander(moi, ici)
    avant = f.photo(*FIL)

    assert envoyes(lambda: demander(moi, ici)) == []
    assert demander(moi, ici).headers["Location"] == premiere.headers["Location"]
    assert f.photo(*FIL) == avant
    demander(moi, ici, texte="Autre chose.")
    assert DemandeAccompagnement.objects.count() == 2


@pytest.mark.parametrize(
    "champs",
    [
        {"objet": ""},
        {"objet": " \n"},
        {"objet": "x" * 251},
        {"objet": "a\0b"},
        {"texte": ""},
        {"texte": "x" * 5001},
        {"texte": "a\0b"},
        {"indicateur": "inconnu"},
    ],
)
def test_une_demande_impossible_est_refusee_et_reste_dans_la_page(moi, ici, papier, champs):
    refusee = Page(demander(moi, ici, **champs))

    assert refusee.statut == 400
    assert "Une correction est nécessaire" in refusee.texte
    assert not DemandeAccompagnement.objects.exists()
    gardes = {nom: dit for nom, dit in (ENVOI | champs).items() if nom != "indicateur" and "\0" not in dit}
    page = refusee.formulaires[""]
    assert {nom: page[nom].strip() for nom in gardes} == {nom: dit.strip() for nom, dit in gardes.items()}


def test_sans_indicateur_la_demande_part_aussi(moi, ici):
    assert demander(moi, ici, indicateur="").status_code == 303
    assert DemandeAccompagnement.objects.get().indicateur is None


def test_qui_redige_demande_et_ecrit_aussi(collegue, ici, papier):
    assert demander(collegue, ici).status_code == 303
    posee = DemandeAccompagnement.objects.get()
    assert collegue.post(vers("demande", ici, posee.pk), {"texte": "Merci.", "lu": 0}).status_code == 303


def test_un_message_va_a_qui_suit_la_demande_et_un_envoi_double_n_en_fait_qu_un(moi, ici, personne, cqen, envoyes):
    f.relecteur()
    posee = demande(ici, par=personne)
    posee.prendre_en_charge(par=cqen)
    page = Page(moi.get(vers("demande", ici, posee.pk)))
    envoi = page.formulaires[""] | {"texte": "Une\r\nliste."}

    assert envoyes(lambda: moi.post(vers("demande", ici, posee.pk), envoi)) == [cqen.email]
    posee.repondre("Reçue.", par=cqen, le=maintenant())
    assert envoyes(lambda: moi.post(vers("demande", ici, posee.pk), envoi)) == []
    assert list(posee.messages.order_by("pk").values_list("texte", flat=True)) == [
        "Par où commencer?",
        "Une\nliste.",
        "Reçue.",
    ]


def test_redire_le_meme_mot_plus_tard_est_un_nouveau_message(moi, ici, personne, cqen):
    posee = demande(ici, par=personne)
    for _ in range(2):
        champs = Page(moi.get(vers("demande", ici, posee.pk))).formulaires[""]
        moi.post(vers("demande", ici, posee.pk), champs | {"texte": "Merci."})
        posee.repondre("De rien.", par=cqen, le=maintenant())
    assert posee.messages.filter(texte="Merci.").count() == 2


def test_le_cqen_parle_d_une_seule_voix(moi, ici, personne, cqen):
    cqen.nom, personne.nom = "Relectrice nommée", "Déclarante nommée"
    cqen.save()
    personne.save()
    posee = demande(ici, par=personne)
    posee.repondre("Parlons-en.", par=cqen, le=maintenant())
    texte = Page(moi.get(vers("demande", ici, posee.pk))).texte

    assert "CQEN, le 20 juillet 2023" in texte
    assert "Déclarante nommée, le 20 juillet 2023" in texte
    assert "Relectrice nommée" not in texte


def test_une_demande_close_se_lit_encore_et_ne_perd_pas_le_message_tape(moi, ici, personne, cqen, envoyes):
    posee = demande(ici, par=personne)
    posee.prendre_en_charge(par=cqen)
    assert envoyes(lambda: moi.post(vers("demande_clore", ici, posee.pk))) == [cqen.email]
    avant = f.photo(*FIL)
    assert envoyes(lambda: moi.post(vers("demande_clore", ici, posee.pk))) == []
    refusee = moi.post(vers("demande", ici, posee.pk), {"texte": "Encore une question.", "lu": 0})

    assert refusee.status_code == 409
    assert "Encore une question." in Page(refusee).texte
    assert f.photo(*FIL) == avant
    assert "Close" in Page(moi.get(vers("accompagnement", ici))).texte


def test_la_demande_d_autrui_n_existe_pas(moi, ici, personne):
    autre = f.organisation("SAAQ")
    leur = demande(autre)
    avant = f.photo(*FIL)
    for slug in (autre, ici):
        assert moi.get(vers("demande", slug, leur.pk)).status_code == 404
        assert moi.post(vers("demande", slug, leur.pk), {"texte": "x", "lu": 0}).status_code == 404
        assert moi.post(vers("demande_clore", slug, leur.pk)).status_code == 404
    assert list(DemandeAccompagnement.objects.pour(personne)) == []
    assert f.photo(*FIL) == avant


def test_ni_un_etranger_ni_une_personne_du_cqen_sans_ce_droit_ne_parle_dans_le_fil(ici, personne):
    posee = demande(ici, par=personne)
    for intrus in (f.declarant(f.organisation()), f.publieur()):
        for geste in (
            lambda par: posee.repondre("Bonjour", par=par, le=maintenant()),
            lambda par: posee.clore(par=par, le=maintenant()),
            lambda par: posee.prendre_en_charge(par=par),
            lambda par: demande(ici, par=par),
        ):
            with pytest.raises(DroitManquant):
                geste(intrus)
    with pytest.raises(DroitManquant):
        posee.prendre_en_charge(par=personne)


def test_le_cqen_ecrit_a_qui_parle_encore_pour_l_organisation(ici, personne):
    redige, transmet = f.declarant(ici, Role.REDACTION), f.declarant(ici)
    posee = demande(ici, par=redige)
    assert list(posee.interlocuteurs()) == [redige]
    posee.repondre("Moi aussi.", par=personne, le=maintenant())
    assert list(posee.interlocuteurs()) == [personne, redige]
    for partie in (redige, personne):
        partie.habilitations.get().revoquer(par=transmet, le=maintenant())
    assert list(posee.interlocuteurs()) == [transmet]


def test_la_saisie_d_une_seance_finie_revient_dans_la_page(moi, ici, personne):
    adresse = vers("demande_nouvelle", ici)
    seance = moi.session
    contenu = "objet=Un+objet&texte=Long+texte"
    seance["formulaire_garde"] = {"personne": personne.pk, "adresse": adresse, "contenu": contenu}
    seance.save()

    assert Page(moi.get(adresse)).formulaires[""]["texte"].strip() == "Long texte"
    assert Page(moi.get(adresse)).formulaires[""]["texte"].strip() == ""


@pytest.mark.parametrize(
    "ordre",
    [
        "UPDATE indicateurs_messageaccompagnement SET texte = 'Autre' WHERE demande_id = {}",
        "DELETE FROM indicateurs_messageaccompagnement WHERE demande_id = {}",
        "UPDATE indicateurs_demandeaccompagnement SET objet = 'Autre' WHERE id = {}",
        "UPDATE indicateurs_demandeaccompagnement SET close_le = NULL, close_par_id = NULL WHERE id = {}",
        "DELETE FROM indicateurs_demandeaccompagnement WHERE id = {}",
    ],
)
def test_la_base_garde_chaque_message_et_une_demande_close(ici, personne, ordre):
    posee = demande(ici, par=personne)
    posee.clore(par=personne, le=maintenant())
    with pytest.raises((IntegrityError, InternalError)):
        f.sql(ordre.format(posee.pk))
    assert MessageAccompagnement.objects.filter(demande=posee).count() == 1


def test_un_hote_n_ouvre_pas_le_fil_sans_entrer(ici, client):
    posee = demande(ici)
    for adresse in (vers("accompagnement", ici), vers("demande", ici, posee.pk), vers("fiches", ici)):
        assert client.get(adresse).status_code == 302
    assert entree(f.relecteur()).get(vers("demande", ici, posee.pk)).status_code == 404
