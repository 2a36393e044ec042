"""Des envois vraiment simultanés: une fiche, une demande, un message, une prise en charge."""

from collections import Counter

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.urls import reverse

from indicateurs.models import DemandeAccompagnement, EvenementFiche, FicheExpertise, MessageAccompagnement
from tests import fabrique as f
from tests.barometre.test_concurrence import a_la_fois
from tests.collaboration import demande, fiche, tapee, telle_quelle, vers
from tests.indicateurs.espace import JOUR, entree

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TOURS, FILS = 3, 8


@pytest.fixture(autouse=True)
def horloge(settings):
    settings.HORLOGE = JOUR
    settings.MFA_EXIGEE = False


@pytest.fixture
def papier():
    return f.indicateur("papier")


def navigateurs(personne, combien: int = FILS) -> list:
    return [entree(personne) for _ in range(combien)]


def test_huit_fois_la_meme_fiche_n_en_transmet_qu_une(papier):
    for tour in range(1, TOURS + 1):
        ici = f.organisation()
        adresse, envoi = vers("fiche_proposer", ici), tapee(papier, "transmettre")
        reponses = a_la_fois([lambda n=n, a=adresse, e=envoi: n.post(a, e) for n in navigateurs(f.declarant(ici))])

        assert {reponse.status_code for reponse in reponses} == {303}
        assert FicheExpertise.objects.filter(organisation=ici).count() == 1
        assert EvenementFiche.objects.filter(dossier__organisation=ici).count() == 2
        assert len(mail.outbox) == tour


def test_de_deux_enregistrements_simultanes_un_gagne_et_l_autre_garde_ce_qu_il_a_tape(papier):
    for _ in range(TOURS):
        ici = f.organisation()
        adresse = vers("fiche", ici, fiche(ici, papier).reference)
        elles = [entree(f.declarant(ici)) for _ in range(2)]
        envois = [telle_quelle(elle.get(adresse), resultat=f"Dit {rang}.") for rang, elle in enumerate(elles)]
        reponses = a_la_fois([lambda e=e, v=v, a=adresse: e.post(a, v) for e, v in zip(elles, envois, strict=True)])

        assert Counter(reponse.status_code for reponse in reponses) == {303: 1, 409: 1}
        perdante = next(rang for rang, reponse in enumerate(reponses) if reponse.status_code == 409)
        assert reponses[perdante].context["form"]["resultat"].value() == f"Dit {perdante}."
        ecrite = FicheExpertise.objects.get(organisation=ici)
        assert ecrite.resultat == f"Dit {1 - perdante}."
        assert f.rejouer(ecrite) == ecrite.contenu()
        assert (ecrite.revision, ecrite.journal.count()) == (2, 2)


def test_huit_fois_la_meme_demande_puis_le_meme_message_n_en_font_qu_un(papier):
    f.relecteur()
    ici = f.organisation()
    personne = f.declarant(ici)
    envoi = {"objet": "Classer", "indicateur": "papier", "texte": "Par où commencer?"}
    reponses = a_la_fois([lambda n=n: n.post(vers("demande_nouvelle", ici), envoi) for n in navigateurs(personne)])
    assert {reponse.status_code for reponse in reponses} == {303}
    posee = DemandeAccompagnement.objects.get()
    message = {"texte": "Merci.", "lu": posee.messages.get().pk}
    adresse = vers("demande", ici, posee.pk)
    reponses = a_la_fois([lambda n=n: n.post(adresse, message) for n in navigateurs(personne)])

    assert {reponse.status_code for reponse in reponses} == {303}
    assert list(MessageAccompagnement.objects.order_by("pk").values_list("texte", flat=True)) == [
        "Par où commencer?",
        "Merci.",
    ]
    assert len(mail.outbox) == 2


def test_de_deux_prises_en_charge_simultanees_une_gagne_et_de_deux_clotures_une_se_note(papier):
    for _ in range(TOURS):
        posee = demande(f.organisation(), papier)
        adresse = reverse("admin:indicateurs_demandeaccompagnement_change", args=[posee.pk])
        elles = [entree(f.relecteur()) for _ in range(2)]
        for geste in ({"geste": "prendre", "suivie_par": ""}, {"geste": "clore", "lu": posee.messages.get().pk}):
            a_la_fois([lambda e=e, a=adresse, g=geste: e.post(a, g) for e in elles])

        posee.refresh_from_db()
        assert posee.suivie_par is not None
        assert posee.close_par is not None
        dits = f.photo(LogEntry)["LogEntry"]
        siens = [dit["change_message"] for dit in dits if dit["object_id"] == str(posee.pk)]
        assert sorted(siens) == ["Close.", "Prise en charge."]
