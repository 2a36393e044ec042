"""La page d'un portefeuille: ses chiffres, ses organisations, et rien pour ce qui n'en est pas un."""

import html
import re

import pytest

from barometre import depot
from barometre.formats import lire_csv
from tests import fabrique as f
from tests.barometre.public import paraitre, publier, texte
from tests.barometre.test_trois_sorties import en_texte

pytestmark = pytest.mark.django_db


def cartes(page: str) -> dict[str, str]:
    """Les cartes, par code d'indicateur."""
    trouvees = re.findall("<article.*?</article>", page, flags=re.DOTALL)
    return {re.search(r"/indicateurs/([\w-]+)/", carte)[1]: carte for carte in trouvees}


def test_chaque_carte_d_un_portefeuille_dit_ce_que_dit_le_fichier(client):
    f.ministere("AUTRE")
    publier(6)
    trouvees = cartes(html.unescape(client.get("/portefeuilles/mcn/").content.decode()))
    publiees = {
        x["indicateur"]: x
        for x in lire_csv(depot.lire("2023-T1", "chiffres.csv"))
        if (x["portefeuille"], x["trimestre"]) == ("MCN", "2023-T1")
    }
    assert set(trouvees) == set(publiees) == {"sans-papier", "donnees-ouvertes", "formation"}
    for code, ligne in publiees.items():
        exacte = ligne["part_organisations" if code == "donnees-ouvertes" else "part_globale"]
        assert f">{en_texte(exacte)}<" in trouvees[code]
        assert f"{ligne['repondantes']} organisations sur {ligne['attendues']} ont répondu." in trouvees[code]
        assert "<figure" in trouvees[code]
    assert "cible 75\xa0% fin 2023" in trouvees["sans-papier"]
    assert "Non jugeable\xa0: aucune cible n'est fixée" in trouvees["formation"]


def test_le_portefeuille_nomme_sa_tete_et_chacune_de_ses_organisations_avec_ses_parts(client):
    f.ministere("AILLEURS")
    publier()
    page = client.get("/portefeuilles/mcn/")
    dite = texte(page)
    assert "Portefeuille\xa0: Ministère de la Cybersécurité" in dite
    assert "Ce portefeuille réunit 3 organisations." in dite
    membres = re.findall(r'<th scope="row"><a href="/organisations/(\w+)/">', page.content.decode())
    assert membres == ["mcn", "o0", "o1"]
    assert "Régie numéro 0 (O0) Autre organisation en retard de 3 jours" in dite
    assert "non disponible\xa0: systèmes en migration" in dite
    assert 'href="/organisations/?portefeuille=MCN"' in page.content.decode()


def test_dans_une_edition_nommee_les_liens_du_portefeuille_y_restent(client):
    publier()
    page = client.get("/editions/2023-T1/portefeuilles/mcn/").content.decode()
    principal = page[page.index("<main") : page.index("</main>")]
    sortants = [a for a in re.findall('href="(/[^"]*)"', principal) if not a.startswith("/editions/2023-T1/")]
    assert sortants == []


@pytest.mark.parametrize("slug", ["o0", "inconnu", "mcn2"])
def test_ce_qui_n_est_pas_une_tete_de_portefeuille_n_a_pas_de_page(client, slug):
    publier()
    assert client.get(f"/portefeuilles/{slug}/").status_code == 404
    assert client.get(f"/editions/2023-T1/portefeuilles/{slug}/").status_code == 404


def test_sans_edition_aucun_portefeuille_n_a_de_page(client):
    f.ministere("MCN")
    assert client.get("/portefeuilles/mcn/").status_code == 404


def test_un_portefeuille_dont_plus_personne_ne_declare_le_dit_et_garde_ses_courbes(client):
    papier = f.indicateur("papier")
    tete = f.ministere("VIEUX", nom="Vieux ministère", assujettie_au=f.instant("2022-12-31").date())
    f.validee(tete, f.trimestre("2022-T4"), {papier: (4, 10)}, f.instant("2023-02-01"))
    f.organisation("A")
    f.trimestre("2023-T1")
    paraitre("2023-05-18")
    page = texte(client.get("/portefeuilles/vieux/"))
    assert "Ce portefeuille ne réunit plus d'organisation qui doive déclarer." in page
    assert "Aucune organisation de ce portefeuille ne devait déclarer à ce trimestre." in page
    assert "Suivi jusqu'au 4e trimestre de 2022." in page
    assert "Aucune cible nationale ne s'y mesure dans cette édition." in page


def test_un_portefeuille_qui_n_a_jamais_rien_du_declarer_le_dit(client):
    f.indicateur("papier")
    f.ministere("NEUF", assujettie_du=f.instant("2023-03-01").date())
    paraitre_sans_indicateur(client)


def paraitre_sans_indicateur(client) -> None:
    """Une édition dont le seul indicateur est retiré avant la naissance du ministère."""
    indicateur = f.Indicateur.objects.get()
    indicateur.retire_le = f.instant("2022-12-31").date()
    indicateur.save(update_fields=["retire_le"])
    paraitre("2023-05-18")
    page = texte(client.get("/portefeuilles/neuf/"))
    assert "Ce portefeuille n'avait aucun chiffre à déclarer dans cette édition." in page
