"""Un fil où plusieurs personnes écrivent: qui parle pour qui, et rien ne part d'une page qui n'a pas tout montré."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.urls import reverse

from indicateurs.models import DemandeAccompagnement
from organisations.horloge import maintenant
from organisations.models import Conflit, Habilitation, Role
from tests import fabrique as f
from tests.collaboration import FIL, demande, vers
from tests.indicateurs.espace import Page, entree

pytestmark = pytest.mark.django_db
JOUR = datetime.timedelta(days=1)
ARRIVE = "Un message est arrivé depuis que vous avez ouvert cette page."


@pytest.fixture
def posee(ici, papier, personne) -> DemandeAccompagnement:
    return demande(ici, papier, personne, le=maintenant() - 3 * JOUR)


def au_cqen(posee) -> str:
    return reverse("admin:indicateurs_demandeaccompagnement_change", args=[posee.pk])


def habiliter(personne, ici, le) -> None:
    tenue = {"personne": personne, "organisation": ici, "role": Role.TRANSMISSION}
    Habilitation.objects.accorder(**tenue, par=f.publieur(), le=le)


def photo() -> dict:
    return f.photo(*FIL, LogEntry) | {"courriels": len(mail.outbox)}


def test_une_personne_passee_au_cqen_y_repond_pour_lui_et_ses_vieux_messages_restent_a_l_organisation(
    moi, ici, posee, cqen, personne
):
    cqen.nom = "Passée au CQEN"
    cqen.save()
    habiliter(cqen, ici, maintenant() - 9 * JOUR)
    posee.repondre("Du temps de l'organisation.", par=cqen, le=maintenant() - 2 * JOUR)
    cqen.habilitations.get().revoquer(par=personne, le=maintenant() - JOUR)
    posee.repondre("Pour le CQEN.", par=cqen, le=maintenant())

    cotes = list(posee.messages.avec_auteur().values_list("texte", "est_du_cqen"))
    assert cotes[1:] == [("Du temps de l'organisation.", False), ("Pour le CQEN.", True)]
    assert DemandeAccompagnement.objects.avec_attente().get().attend_depuis is None
    texte = Page(moi.get(vers("demande", ici, posee.pk))).texte
    assert "CQEN, le 20 juillet 2023" in texte
    assert "Passée au CQEN, le 18 juillet 2023" in texte


def test_une_personne_du_cqen_habilitee_ensuite_ne_change_pas_de_cote(ici, posee, cqen):
    posee.repondre("Pour le CQEN.", par=cqen, le=maintenant() - 2 * JOUR)
    habiliter(cqen, ici, maintenant() - JOUR)
    assert posee.messages.avec_auteur().last().est_du_cqen


def test_deux_personnes_du_cqen_ne_repondent_pas_a_la_meme_page(admin, posee):
    envoi = Page(admin.get(au_cqen(posee))).formulaires[""] | {"geste": "repondre"}
    entree(f.relecteur()).post(au_cqen(posee), envoi | {"texte": "Oui."})
    avant = photo()
    refusee = admin.post(au_cqen(posee), envoi | {"texte": "Non."})

    assert (refusee.status_code, photo()) == (409, avant)
    assert ARRIVE in Page(refusee).texte
    assert "Oui." in Page(refusee).texte
    assert refusee.context["form"]["texte"].value() == "Non."
    relue = envoi | {"texte": "Non.", "lu": refusee.context["form"]["lu"].value()}
    assert admin.post(au_cqen(posee), relue).status_code == 303
    assert posee.messages.count() == 3


def test_l_organisation_lit_la_reponse_avant_d_ecrire(moi, ici, posee, cqen):
    adresse = vers("demande", ici, posee.pk)
    envoi = Page(moi.get(adresse)).formulaires[""] | {"texte": "Toujours rien?"}
    posee.repondre("Voici.", par=cqen, le=maintenant())
    avant = photo()
    refusee = moi.post(adresse, envoi)

    assert (refusee.status_code, photo()) == (409, avant)
    assert all(dit in Page(refusee).texte for dit in (ARRIVE, "Voici."))
    relue = Page(refusee).formulaires[""]
    assert relue["texte"].strip() == "Toujours rien?"
    assert moi.post(adresse, relue).status_code == 303
    assert posee.messages.count() == 3


def test_une_page_qui_n_a_pas_tout_montre_ne_clot_rien(admin, moi, ici, posee, cqen, personne):
    clore = vers("demande_clore", ici, posee.pk)
    du_cqen = Page(admin.get(au_cqen(posee))).formulaires[""] | {"geste": "clore"}
    posee.repondre("Un mot de plus.", par=personne, le=maintenant())
    de_l_organisation = Page(moi.get(vers("demande", ici, posee.pk))).formulaires[clore]
    posee.repondre("Voici.", par=cqen, le=maintenant())
    avant = photo()
    assert ARRIVE in Page(admin.post(au_cqen(posee), du_cqen, follow=True)).texte
    assert ARRIVE in Page(moi.post(clore, de_l_organisation, follow=True)).texte
    assert photo() == avant

    moi.post(clore, Page(moi.get(vers("demande", ici, posee.pk))).formulaires[clore])
    posee.refresh_from_db()
    assert posee.close_par == personne


def test_ses_propres_messages_n_empechent_ni_d_ecrire_ni_de_clore(posee, personne, cqen):
    lu = posee.messages.get().pk
    for texte in ("Un.", "Deux."):
        assert posee.repondre(texte, par=personne, le=maintenant(), lu=lu)
    with pytest.raises(Conflit):
        posee.clore(par=cqen, le=maintenant(), lu=lu)
    assert posee.clore(par=personne, le=maintenant(), lu=lu)


def test_apres_une_cloture_la_meme_demande_s_ouvre_de_nouveau(moi, ici, papier, posee, personne):
    envoi = {"objet": posee.objet, "indicateur": "papier", "texte": "Par où commencer?"}
    posee.clore(par=personne, le=maintenant())
    for _ in range(2):
        moi.post(vers("demande_nouvelle", ici), envoi)
    assert list(DemandeAccompagnement.objects.ouvertes()) == [DemandeAccompagnement.objects.latest("pk")]
    assert DemandeAccompagnement.objects.count() == 2
