"""Ce qu'une édition promet, revérifié: les sommes, la chaîne, le registre et tous les chiffres.

Rien de ce qui vit (noms, cibles, définitions d'aujourd'hui) n'est lu: seulement le dossier, la ligne de l'édition, ses
agrégats et les valeurs du registre à l'instant de la coupe.
"""

import csv
from collections.abc import Iterator

from barometre import depot, formats
from barometre.chiffres import Case, Chiffre
from barometre.composition import cases, chiffrer
from barometre.models import Edition

# Ce que lève un fichier ou un catalogue abîmé, où que soit le dégât.
ILLISIBLE = (csv.Error, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def verifier_toutes() -> Iterator[tuple[str, list[str]]]:
    """Chaque édition, dans l'ordre, par son code, et ce qui n'y tient pas (rien quand tout tient).

    Un dossier sans édition, ou une édition désignée que la base ne connaît pas, vient ensuite: on l'a effacée, ou sa
    publication fut interrompue.
    """
    codes = []
    for rang, edition in enumerate(Edition.objects.select_related("trimestre", "precedente").order_by("rang"), start=1):
        problemes = list(verifier(edition))
        if edition.rang != rang or (edition.precedente.rang if edition.precedente else 0) != rang - 1:
            problemes.append(f"la chaîne est rompue : le rang {rang} était attendu")
        codes.append(edition.code)
        yield edition.code, problemes
    designee = depot.designee()
    if designee and designee.code != (codes or [""])[-1]:
        yield designee.code, ["derniere.json la désigne, et ce n'est pas la plus récente de la base"]
    for code in sorted(depot.dossiers() - set(codes)):
        yield code, ["ce dossier n'a pas d'édition dans la base"]


def verifier(edition: Edition) -> Iterator[str]:
    """Ce qui ne tient pas dans cette édition."""
    try:
        fichiers = {nom: depot.lire(edition.code, nom) for nom in (*formats.FICHIERS, formats.SOMMES)}
    except OSError as erreur:
        yield f"un fichier du dossier ne se lit pas : {erreur.filename}"
        return
    yield from _sommes(edition, fichiers)
    try:
        yield from _contenu(edition, fichiers)
    except ILLISIBLE as erreur:
        yield f"le dossier, le catalogue et la base ne se relisent pas ensemble : {type(erreur).__name__} {erreur}"


def _contenu(edition: Edition, fichiers: dict[str, bytes]) -> Iterator[str]:
    """Ce que disent les fichiers contre ce que disent le registre, les agrégats et la ligne de l'édition."""
    publiees = formats.lire_cases(fichiers["valeurs.csv"])
    chiffres = chiffrer(edition.catalogue, publiees)
    yield from _registre(edition, publiees)
    yield from _chiffres(edition, chiffres)
    recompose = formats.composer_les_fichiers(edition.entete, edition.catalogue, publiees, chiffres)
    for nom in formats.FICHIERS:
        if recompose[nom] != fichiers[nom]:
            yield f"{nom} ne dit pas la même chose que la base{_premier_ecart(recompose[nom], fichiers[nom])}"


def _sommes(edition: Edition, fichiers: dict[str, bytes]) -> Iterator[str]:
    """Les sommes de contrôle et l'empreinte enchaînée."""
    attendues = formats.sommes(fichiers).splitlines()
    publiees = fichiers[formats.SOMMES].splitlines()
    for nom, attendue in zip(formats.FICHIERS, attendues, strict=True):
        if attendue not in publiees:
            yield f"la somme de {nom} n'est pas celle de SHA256SUMS"
    if edition.empreinte != edition.empreinte_attendue(fichiers[formats.SOMMES]):
        yield "l'empreinte n'est pas celle de ses sommes et de l'édition précédente"


def _registre(edition: Edition, publiees: list[Case]) -> Iterator[str]:
    """Les cases publiées contre celles que le registre donne à l'instant de la coupe."""
    dossier = {case[:3]: case for case in publiees}
    registre = {case[:3]: formats.telle_que_publiee(case) for case in cases(edition)}
    for cle in sorted(dossier.keys() | registre.keys()):
        if dossier.get(cle) != registre.get(cle):
            yield f"{', '.join(cle)} : le registre ne dit pas la même chose que valeurs.csv"


def _chiffres(edition: Edition, chiffres: list[Chiffre]) -> Iterator[str]:
    """Les agrégats de la base contre ceux que donnent les cases."""
    enregistres = {_cle(chiffre): chiffre for chiffre in edition.agregats.chiffres(edition.regles)}
    recalcules = {_cle(chiffre): chiffre for chiffre in chiffres}
    for cle in sorted(enregistres.keys() | recalcules.keys()):
        if enregistres.get(cle) != recalcules.get(cle):
            yield f"l'agrégat {', '.join(filter(None, cle))} n'est pas celui que donnent les valeurs"


def _cle(chiffre: Chiffre) -> tuple[str, ...]:
    return chiffre.regle.code, chiffre.trimestre, *chiffre.perimetre


def _premier_ecart(attendu: bytes, lu: bytes) -> str:
    """Où est la première ligne qui diffère."""
    for numero, (ici, la) in enumerate(zip(attendu.splitlines(), lu.splitlines(), strict=False), start=1):
        if ici != la:
            return f", dès la ligne {numero}"
    return ""
