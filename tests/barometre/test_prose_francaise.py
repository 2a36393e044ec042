"""WCAG 3.1.2: ce que des personnes ont écrit en français est marqué comme tel sur toute page anglaise."""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from django.utils import translation

from barometre.models import Edition, Parution
from barometre.pages import courbes, images
from barometre.pages.cadre import publiees
from indicateurs.models import FicheExpertise, Soumission, Valeur
from organisations.models import Initiative, PlanTransformation, Statut
from tests.autorisations import PARAMETRE, toutes_les_adresses
from tests.barometre.prose import ISOLATS, Prose
from tests.barometre.public import PARAMETRES

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("exemple")]
TEXTES = {"text/html", "text/csv", "text/plain", "text/calendar", "image/svg+xml", "application/json"}
TEXTES |= {"application/xml", "application/atom+xml"}
DEBUT = 30  # caractères: un motif s'abrège dans une liste, un résultat aussi

ECRITS = {
    "motif": lambda: Valeur.objects.exclude(motif="").values_list("motif"),
    "note": lambda: Valeur.objects.exclude(note="").values_list("note"),
    "raison": lambda: Soumission.objects.exclude(motif_de_correction="").values_list("motif_de_correction"),
    "plan": lambda: PlanTransformation.objects.values_list("resume", "motif_de_correction", "strategie__titre"),
    "initiative": lambda: Initiative.objects.values_list("titre", "changement"),
    "fiche": lambda: FicheExpertise.objects.filter(statut=Statut.VALIDE).values_list(
        "titre", "realisation", "resultat", "motif_de_correction"
    ),
    "edition": lambda: Edition.objects.values_list("note", "hors_calendrier"),
    "parution": lambda: Parution.objects.exclude(motif="").values_list("motif"),
}


def ecrits() -> dict[str, set[str]]:
    """Le début de chaque texte libre du monde d'exemple, par sorte; d'un texte de plusieurs lignes, chacune."""
    return {
        sorte: {
            ligne[:DEBUT]
            for textes in lire()
            for texte in textes
            for ligne in (" ".join(ligne.replace("\xa0", " ").split()) for ligne in texte.splitlines())
            if ligne
        }
        for sorte, lire in ECRITS.items()
    }


def sorties() -> Iterator[str]:
    """Chaque adresse publique, en français et en anglais, pour une tête de portefeuille et une autre organisation."""
    fixes = PARAMETRES | {"avant": "2022-T4", "apres": "2022-T4-r1", "edition": "2022-T4-r1"}
    motifs = [a.motif for a in toutes_les_adresses().values() if a.publique and {*a.noms} <= {*fixes, "slug", "code"}]
    suites = product(("ramq", "msss"), ("donnees-ouvertes", "2022-T4"), ("csv", "svg"))
    for slug, code, forme in suites:
        for chemin in (remplir(motif, fixes | {"slug": slug, "code": code, "forme": forme}) for motif in motifs):
            demande = "?o=saaq&o=ramq&indicateur=donnees-ouvertes" if "comparer/" in chemin else ""
            yield from (f"/{chemin}{demande}", f"/en/{chemin}{demande}")


def remplir(motif: str, valeurs: dict[str, str]) -> str:
    return PARAMETRE.sub(lambda trouve: valeurs[trouve[1] or trouve[2]], motif)


def lu(reponse) -> str:
    return (reponse.getvalue() if reponse.streaming else reponse.content).decode()


def pages(client) -> Iterator[str]:
    """Toutes celles du plan du site en anglais, et ce qu'il ne nomme pas: fiches, journaux, anciennes éditions."""
    plan = client.get("/sitemap.xml").content.decode()
    yield from sorted(set(re.findall(r"<loc>https?://[^/]+(/en/[^<]*)</loc>", plan)))
    for fiche in FicheExpertise.objects.filter(statut=Statut.VALIDE).select_related("organisation"):
        yield f"/en/expertise/{fiche.organisation.slug}/{fiche.reference}/"
    for edition in Edition.objects.exclude(precedente=None).select_related("precedente"):
        yield f"/en/editions/{edition.precedente.code}...{edition.code}/"
        yield f"/en/editions/{edition.code}/"
    yield "/en/comparer/?o=saaq&o=ramq&o=cnesst&indicateur=donnees-ouvertes"
    yield "/en/integrer/sans-papier/"


class TestLaProse:
    @pytest.fixture(autouse=True)
    def _monde(self, exemple, lieu_propre, settings, db):
        settings.MEDIA_ROOT = exemple

    def test_aucun_texte_libre_ne_parait_hors_d_un_element_marque_francais(self, client):
        libres, vus, fautes = ecrits(), set(), []
        for adresse in pages(client):
            reponse = client.get(adresse)
            assert reponse.status_code == 200, adresse
            page = reponse.content.decode()
            prose = Prose(page)
            assert not [isolat for isolat in ISOLATS if isolat in page], adresse
            fautes += [(adresse, debut) for debuts in libres.values() for debut in debuts if debut in prose.autre]
            vus |= {sorte for sorte, debuts in libres.items() if any(debut in prose.marquee for debut in debuts)}
        assert fautes == []
        assert vus == set(ECRITS)

    def test_aucun_isolat_ne_sort_d_une_page_ni_dans_une_page_francaise(self, client):
        types = set()
        for adresse in {*sorties(), *(a.removeprefix("/en") for a in pages(client))}:
            reponse = client.get(adresse)
            if reponse.status_code == 200 and (genre := reponse["Content-Type"].partition(";")[0]) in TEXTES:
                assert not [isolat for isolat in ISOLATS if isolat in lu(reponse)], adresse
                types.add(genre)
        assert types == TEXTES

    def test_une_image_dit_le_motif_sans_isolat(self):
        edition, dits = Edition.objects.derniere(), []
        with translation.override("en"):
            dessins = [images.d_une_organisation(edition, fiche) for fiche in publiees(edition).values()]
            dessins += [courbes.d_un_indicateur(edition, code).planche() for code in edition.regles]
        for dessin in dessins:
            dits += [dessin.titre, dessin.description, *(texte.texte for texte in dessin.textes)]
        assert any("not available: " in dit for dit in dits)
        assert not [dit for dit in dits if set(ISOLATS) & set(dit)]
