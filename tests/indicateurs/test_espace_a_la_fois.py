"""Des envois vraiment simultanés: exactement un gagne, l'autre est prévenu, le journal a une ligne."""

import threading
from collections import Counter

import pytest
from django.core import mail

from indicateurs.models import EvenementSoumission, Soumission
from tests import fabrique as f
from tests.barometre.test_concurrence import a_la_fois
from tests.indicateurs.espace import CODE, JOUR, Page, a_plat, deux, ecrire, entree, envoyer, ouvrir, soumission

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TOURS, FILS = 4, 16


@pytest.fixture(autouse=True)
def horloge(settings):
    settings.HORLOGE = JOUR


@pytest.fixture
def papier():
    f.trimestre(CODE)
    return f.indicateur("papier")


@pytest.fixture(autouse=True)
def au_plus_pres(monkeypatch):
    """Deux à deux, les envois s'attendent juste avant le verrou: ce qui ne tiendrait que par chance y tombe."""
    arrives, rendez_vous, relire = threading.local(), threading.Barrier(2), Soumission._relire_sous_verrou

    def attendre_puis_relire(self) -> str:
        if not hasattr(arrives, "deja"):
            arrives.deja = True
            try:
                rendez_vous.wait(timeout=0.3)
            except threading.BrokenBarrierError:  # l'autre attend déjà la fin de celui-ci
                rendez_vous.reset()
        return relire(self)

    monkeypatch.setattr(Soumission, "_relire_sous_verrou", attendre_puis_relire)


def croiser(geste: str, depuis_un_brouillon: bool) -> tuple[Counter, Soumission, list[Page]]:
    """Deux personnes ouvrent la même page et envoient au même instant des nombres différents."""
    ici = f.organisation()
    elles = [entree(f.declarant(ici)) for _ in range(2)]
    if depuis_un_brouillon:
        ecrire(elles[0], ici, papier=deux(1, 10))
    pages = [ouvrir(elle, ici).saisie | a_plat({"papier": deux(rang + 2, 10)}) for rang, elle in enumerate(elles)]
    reponses = a_la_fois([lambda e=e, p=p: envoyer(e, ici, p, geste) for e, p in zip(elles, pages, strict=True)])
    gagne = [rang + 2 for rang, reponse in enumerate(reponses) if reponse.status_code == 303]
    ecrite = soumission(ici)
    assert ecrite.contenu()["papier"]["numerateur"] in gagne
    assert f.rejouer(ecrite) == ecrite.contenu()
    return Counter(r.status_code for r in reponses), ecrite, [Page(r) for r in reponses if r.status_code == 409]


@pytest.mark.usefixtures("papier")
@pytest.mark.parametrize("depuis_un_brouillon", [False, True], ids=["depuis rien", "sur un brouillon"])
def test_de_deux_enregistrements_simultanes_un_gagne_et_l_autre_est_prevenu(depuis_un_brouillon):
    for _ in range(TOURS):
        statuts, ecrite, [perdante] = croiser("enregistrer", depuis_un_brouillon)

        assert statuts == {303: 1, 409: 1}
        assert ecrite.journal.count() == ecrite.revision == (2 if depuis_un_brouillon else 1)
        assert "enregistré entre-temps, dans une autre page." in perdante.texte
        assert perdante.saisie["papier-numerateur"] in {"2", "3"}


@pytest.mark.usefixtures("papier")
@pytest.mark.parametrize("depuis_un_brouillon", [False, True], ids=["depuis rien", "sur un brouillon"])
def test_de_deux_transmissions_simultanees_une_part_et_l_autre_est_prevenue(depuis_un_brouillon):
    for tour in range(TOURS):
        statuts, ecrite, [perdante] = croiser("transmettre", depuis_un_brouillon)

        assert statuts == {303: 1, 409: 1}
        assert ecrite.statut == "SOUMIS"
        assert [passage[:2] for passage in f.journal(ecrite)] == [("BROUILLON", "SOUMIS")]
        assert len(mail.outbox) == tour + 1
        assert "est transmis" in perdante.texte or "entre-temps" in perdante.texte


@pytest.mark.usefixtures("papier")
def test_seize_fois_le_meme_envoi_ne_transmet_qu_une_fois():
    for tour in range(TOURS):
        ici = f.organisation()
        personne = f.declarant(ici)
        navigateurs = [entree(personne) for _ in range(FILS)]
        champs = ouvrir(navigateurs[0], ici).saisie | a_plat({"papier": deux(1, 10)})
        reponses = a_la_fois([lambda n=n, c=champs, o=ici: envoyer(n, o, c, "transmettre") for n in navigateurs])

        assert {reponse.status_code for reponse in reponses} <= {303, 409}
        assert Soumission.objects.filter(organisation=ici).count() == 1
        assert EvenementSoumission.objects.filter(dossier__organisation=ici, vers="SOUMIS").count() == 1
        assert EvenementSoumission.objects.filter(dossier__organisation=ici).count() == 2
        assert len(mail.outbox) == tour + 1
