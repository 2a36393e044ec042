"""Chaque classeur que le public emporte se lit sans souris ni couleur: un tableau nommé, un titre, une langue."""

import io
import zipfile

import openpyxl
import pytest
from django.urls import NoReverseMatch, reverse

from tests.barometre import public

pytestmark = pytest.mark.django_db
CLASSEURS = [nom for nom, sorte in public.TELECHARGES.items() if sorte == public.XLSX]


@pytest.mark.parametrize("nom", CLASSEURS)
def test_un_classeur_a_un_tableau_nomme_un_en_tete_un_titre_et_sa_langue(client, nom):
    public.publier(6)
    octets = client.get(adresse(nom)).content
    classeur = openpyxl.load_workbook(io.BytesIO(octets))
    proprietes = zipfile.ZipFile(io.BytesIO(octets)).read("docProps/core.xml").decode()
    assert "<dc:language>fr-CA</dc:language>" in proprietes
    assert "2023-T1" in classeur.properties.title
    for feuille in classeur:
        assert not feuille.title.startswith("Sheet")
        assert not feuille.merged_cells.ranges
        (tableau,) = feuille.tables.values()
        assert tableau.ref == feuille.dimensions
        assert tableau.headerRowCount == 1
        entete = [case.value for case in feuille[1]]
        assert [colonne.name for colonne in tableau.tableColumns] == entete
        assert all(entete)
        assert len(set(entete)) == len(entete)
        assert feuille.max_row > 1


def adresse(nom: str) -> str:
    """Celle d'un classeur; avec de quoi remplir une comparaison."""
    try:
        return f"{reverse(nom)}?o=mcn&o=o0"
    except NoReverseMatch:
        return reverse(nom, args=[public.PARAMETRES[f"{nom}.code"]])
