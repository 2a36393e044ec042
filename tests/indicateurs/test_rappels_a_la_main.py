"""« Rappeler celles-ci »: on lit à qui les courriels partiront, on confirme, et rien ne part deux fois."""

import datetime
import re
from smtplib import SMTPException

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core import mail
from django.core.mail import EmailMessage

from indicateurs import rappels
from indicateurs.models import LigneDeRappel, Palier, Rappel
from organisations.models import Habilitation, Role
from tests import fabrique as f
from tests.barometre.test_concurrence import a_la_fois
from tests.indicateurs.espace import CODE, Page, entree

pytestmark = pytest.mark.django_db

LE = f.instant("2023-08-20")
SUIVI = f"/admin/indicateurs/trimestre/{CODE}/suivi/"
ICI = f"{SUIVI}rappeler/"
PERMISSIONS = ("indicateurs.view_soumission", "indicateurs.rappeler")


@pytest.fixture(autouse=True)
def cqen(settings):
    """Une personne du CQEN, le 20 août 2023."""
    settings.MFA_EXIGEE, settings.HORLOGE = False, LE
    return f.personne(*PERMISSIONS, is_staff=True)


@pytest.fixture
def moi(cqen):
    return entree(cqen)


@pytest.fixture
def due():
    """Une organisation en retard, et la personne qui déclare pour elle et pour sa voisine, en retard aussi."""
    f.trimestre(CODE)
    ramq, saaq = f.organisation("RAMQ"), f.organisation("SAAQ")
    personne = f.declarant(ramq)
    habiliter(personne, saaq)
    return ramq, saaq, personne


def habiliter(personne, organisation) -> None:
    Habilitation.objects.accorder(
        personne=personne, organisation=organisation, role=Role.REDACTION, par=f.personne(), le=f.instant("2023-01-01")
    )


def prevoir(moi, *sigles: str, **champs):
    return moi.post(ICI, {"o": sigles, **champs})


def envoi(moi, *sigles: str) -> dict:
    """Ce que le bouton de la page de confirmation enverrait."""
    page = prevoir(moi, *sigles).content.decode()
    empreinte = re.search(r'name="empreinte" value="(\w+)"', page)[1]
    return {"o": re.findall(r'name="o" value="([^"]+)"', page), "empreinte": empreinte, "confirmer": "oui"}


def confirmer(moi, *sigles: str):
    return moi.post(ICI, envoi(moi, *sigles))


def messages(moi) -> str:
    return Page(moi.get(SUIVI)).texte


def photo() -> dict:
    return f.photo(Rappel, LigneDeRappel, LogEntry) | {"courriels": len(mail.outbox)}


# --- lire avant d'envoyer --------------------------------------------------------------------------------------------


def test_la_page_dit_a_qui_les_courriels_partiront_et_rien_n_est_ecrit(moi, due):
    avant, page = photo(), prevoir(moi, "RAMQ", "SAAQ")

    assert page.status_code == 200
    assert "1 rappel, pour 2 échéances" in Page(page).texte
    assert f"{due[2]} {due[2].email} RAMQ, SAAQ" in Page(page).texte
    assert photo() == avant


def test_la_page_dit_a_qui_rien_ne_partira_et_pourquoi(moi, due, cqen):
    ramq, _, personne = due
    collegue = f.declarant(ramq)
    Rappel.objects.create(personne=collegue, jour=datetime.date(2023, 8, 20), envoye_le=LE)
    f.organisation("MUETTE")
    desactivee = f.declarant(f.organisation("FERMEE"))
    desactivee.is_active = False
    desactivee.save()
    f.transmise(f.organisation("FAITE"), f.trimestre(CODE), {f.indicateur(): (1, 2)})
    f.organisation("FINIE", assujettie_au=datetime.date(2023, 3, 31))
    texte = Page(prevoir(moi, "RAMQ", "MUETTE", "FERMEE", "FAITE", "FINIE", "INCONNUE")).texte

    part, reste = texte.split("Déjà rappelées aujourd'hui")
    assert personne.email in part
    assert collegue.email not in part
    deja, muettes = reste.split("Personne à qui écrire")
    assert collegue.email in deja
    muettes, ecartees = muettes.split("Rien à rappeler")
    assert {sigle for sigle in ("MUETTE", "FERMEE") if f"({sigle})" in muettes} == {"MUETTE", "FERMEE"}
    assert "(FAITE)\xa0: déjà transmis" in ecartees
    assert "(FINIE)\xa0: n'a pas à déclarer ce trimestre" in ecartees
    assert "INCONNUE" not in texte


def test_avant_l_ouverture_rien_ne_se_rappelle(moi, due, settings):
    settings.HORLOGE = f.instant("2023-06-30")
    page = Page(prevoir(moi, "RAMQ"))
    assert "le trimestre ouvre le 1er juillet 2023" in page.texte
    assert "confirmer" not in page.formulaires[ICI]
    assert "Envoyer ces rappels" not in page.texte


@pytest.mark.parametrize("sigles", [(), ("INCONNUE",), ("\0",), ("x" * 5000,)])
def test_sans_organisation_la_page_le_dit(moi, due, sigles):
    reponse = prevoir(moi, *sigles)
    assert (reponse.status_code, reponse.headers["Location"]) == (303, SUIVI)
    assert "Cochez au moins une organisation" in messages(moi)


def test_un_nom_hostile_reste_un_texte(moi, due):
    due[2].nom = "<script>alert(1)</script>"
    due[2].save()
    assert b"<script>alert(1)" not in prevoir(moi, "RAMQ").content


# --- envoyer ---------------------------------------------------------------------------------------------------------


def test_confirmer_envoie_un_courriel_par_personne_et_le_note_au_journal(moi, due, cqen):
    ramq, saaq, personne = due
    reponse = confirmer(moi, "RAMQ", "SAAQ")

    assert (reponse.status_code, reponse.headers["Location"]) == (303, SUIVI)
    assert "1 rappel envoyé." in messages(moi)
    [courriel] = mail.outbox
    assert courriel.to == [personne.email]
    assert [sigle for sigle in ("ramq", "saaq") if f"/espace/{sigle}/{CODE}/" in courriel.body] == ["ramq", "saaq"]
    assert "14 août 2023, en retard de 6 jours" in courriel.body
    [rappel] = Rappel.objects.all()
    assert (rappel.personne, rappel.jour) == (personne, datetime.date(2023, 8, 20))
    assert {(ligne.organisation, ligne.palier) for ligne in rappel.lignes.all()} == {
        (ramq, Palier.A_LA_MAIN),
        (saaq, Palier.A_LA_MAIN),
    }
    [note] = LogEntry.objects.all()
    assert (note.user, note.action_flag, note.object_id) == (cqen, CHANGE, str(f.trimestre(CODE).pk))
    assert note.change_message == "1 rappel envoyé à la main\xa0: RAMQ, SAAQ."


def test_seules_les_organisations_cochees_et_ce_trimestre_sont_rappeles(moi, due):
    f.trimestre("2023-T1")
    confirmer(moi, "SAAQ")
    assert list(LigneDeRappel.objects.values_list("organisation__sigle", "trimestre__code")) == [("SAAQ", CODE)]


def test_un_double_clic_n_envoie_rien_deux_fois(moi, due):
    meme = envoi(moi, "RAMQ")
    moi.post(ICI, meme)
    avant = photo()

    assert moi.post(ICI, meme).status_code == 303
    assert "Rien de plus n'est parti" in messages(moi)
    assert photo() == avant


def test_une_liste_qui_a_change_se_relit_avant_de_partir(moi, due):
    lue = envoi(moi, "RAMQ")
    nouvelle = f.declarant(due[0])
    avant, page = photo(), moi.post(ICI, lue)

    assert page.status_code == 409
    assert "la liste a changé depuis que vous l'avez lue" in Page(page).texte
    assert nouvelle.email in Page(page).texte
    assert photo() == avant


def test_ce_qui_fut_transmis_entre_temps_n_est_plus_rappele(moi, due):
    lue = envoi(moi, "RAMQ")
    f.transmise(due[0], f.trimestre(CODE), {f.indicateur(): (1, 2)})
    for sans_destinataire in (lue, lue | {"empreinte": ""}):
        assert moi.post(ICI, sans_destinataire).status_code == 303
    assert not mail.outbox
    assert not Rappel.objects.exists()


def test_on_rappelle_encore_le_lendemain(moi, due, settings):
    confirmer(moi, "RAMQ")
    settings.HORLOGE = f.instant("2023-08-21")
    confirmer(moi, "RAMQ")
    assert LigneDeRappel.objects.filter(palier=Palier.A_LA_MAIN).count() == len(mail.outbox) == 2


def test_le_rappel_du_calendrier_attend_le_lendemain_et_son_palier_reste_a_envoyer(moi, due):
    confirmer(moi, "RAMQ", "SAAQ")
    assert not rappels.a_rappeler(LE)
    [lignes] = rappels.a_rappeler(f.instant("2023-08-21")).values()
    assert {ligne.palier for ligne in lignes} == {Palier.EN_RETARD}


def test_meme_tres_en_retard_le_calendrier_ne_rappelle_jamais_a_la_main():
    assert rappels.palier_atteint(5000) == Palier.EN_RETARD


def test_une_panne_de_courriel_se_dit_et_n_empeche_pas_les_autres(moi, due, monkeypatch, caplog):
    collegue = f.declarant(due[0])
    vrai = EmailMessage.send

    def refuser(courriel, *args, **options):
        if courriel.to == [due[2].email]:
            raise SMTPException(due[2].email)
        return vrai(courriel, *args, **options)

    monkeypatch.setattr(EmailMessage, "send", refuser)
    confirmer(moi, "RAMQ")
    dit = messages(moi)

    assert "1 rappel envoyé." in dit
    assert "1 rappel n'est pas parti" in dit
    assert due[2].email not in f"{dit}{caplog.text}"
    assert list(Rappel.objects.values_list("personne", flat=True)) == [collegue.pk]


def test_les_filtres_d_ou_l_on_vient_se_retrouvent_et_rien_d_autre(moi, due):
    lue = envoi(moi, "RAMQ") | {"filtres": "etat=EN_RETARD&autre=//ailleurs.test&portefeuille="}
    assert moi.post(ICI, lue).headers["Location"] == f"{SUIVI}?etat=EN_RETARD"


def test_sans_la_permission_rien_ne_part(due):
    for permission in ("indicateurs.view_soumission", "indicateurs.view_rappel", "indicateurs.add_rappel"):
        autre = entree(f.personne(permission, is_staff=True))
        assert autre.post(ICI, {"o": ["RAMQ"], "confirmer": "oui"}).status_code == 403
    assert not mail.outbox


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_d_organisations(moi, due, django_assert_max_num_queries):
    sigles = [f.declarant(f.organisation(f"O{n}")).habilitations.get().organisation.sigle for n in range(30)]
    with django_assert_max_num_queries(15):
        assert "31 rappels, pour 32 échéances" in Page(prevoir(moi, "RAMQ", "SAAQ", *sigles)).texte


# --- à la fois -------------------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_douze_clics_simultanes_n_envoient_qu_un_courriel_par_personne(cqen, due):
    f.declarant(due[0])
    moi = [entree(cqen) for _ in range(12)]
    meme = envoi(moi[0], "RAMQ", "SAAQ")
    reponses = a_la_fois([lambda m=m: m.post(ICI, meme).status_code for m in moi])

    assert set(reponses) <= {303, 409}
    assert 303 in reponses
    assert len(mail.outbox) == len({courriel.to[0] for courriel in mail.outbox}) == Rappel.objects.count() == 2
    assert LigneDeRappel.objects.count() == 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_le_calendrier_et_le_cqen_a_la_fois_n_envoient_qu_un_courriel(cqen, due):
    moi, le = [entree(cqen) for _ in range(6)], LE
    meme, du_calendrier = envoi(moi[0], "RAMQ", "SAAQ"), rappels.a_rappeler(LE)
    gestes = [lambda m=m: m.post(ICI, meme).status_code for m in moi]
    a_la_fois(gestes + [lambda: rappels.envoyer(du_calendrier, le)] * 6)

    assert len(mail.outbox) == Rappel.objects.count() == 1
