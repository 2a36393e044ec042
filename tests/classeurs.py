"""De quoi fabriquer des classeurs, ordinaires ou hostiles, et lire leur refus."""

from pathlib import Path

import pytest

from indicateurs.classeur import FichierIllisible, lire_rangees

EN_TETE = ("sigle", "numerateur")
ESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PAQUET = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
ENTETE_XML = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>sigle</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>numerateur</t></is></c></row>'
)


def parties(rangees: str = ENTETE_XML) -> dict[str, str | bytes]:
    """Les parties du plus petit classeur, autour des rangées données."""
    return {
        "[Content_Types].xml": f'<Types xmlns="{PAQUET}/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PAQUET}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{ESPACE}" xmlns:r="{RELATIONS}">'
        '<sheets><sheet name="F" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PAQUET}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{ESPACE}"><sheetData>{rangees}</sheetData></worksheet>',
        "xl/styles.xml": f'<styleSheet xmlns="{ESPACE}"/>',
    }


def lire(chemin: Path) -> list[tuple[int, list[str], dict[int, str]]]:
    return list(lire_rangees(chemin, EN_TETE))


def refus(chemin: Path) -> str:
    """La phrase du refus, sans trace d'anglais."""
    with pytest.raises(FichierIllisible) as attrape:
        lire(chemin)
    assert "\n" not in str(attrape.value)
    assert str(attrape.value).startswith("Ce classeur")
    return str(attrape.value)
