"""Une deuxième façon de compter, naïve et lente, redonne chaque colonne de `chiffres.csv`."""

import datetime
from collections import Counter
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from barometre import depot, formats
from indicateurs.arithmetique import Verdict
from indicateurs.models import Indicateur, Saisie, Trimestre, Valeur
from organisations.models import Organisation
from tests import fabrique as f

pytestmark = pytest.mark.django_db

CODES = [f"{2021 + n // 4}-T{n % 4 + 1}" for n in range(10)]
FINS = [f.Trimestre.objects.du_code(code).fin for code in CODES]
JOUR = datetime.timedelta(days=1)
PLAFOND = 10**15
COMPTES = ("numerateur", "denominateur", "repondantes", "calculables", "au_dessus", "sans_objet", "non_disponibles")

# --- l'oracle, écrit de la section 4 de la conception ----------------------------------------------------------------


def pour_cent(part: Fraction | None) -> str:
    if part is None:
        return ""
    contexte = Context(prec=60, rounding=ROUND_HALF_UP)
    exact = contexte.divide(Decimal(part.numerator * 100), Decimal(part.denominator))
    return str(exact.quantize(Decimal("0.000001"), context=contexte))


def parts_de(c: dict) -> tuple[Fraction | None, Fraction | None]:
    """La part globale, puis celle des organisations."""
    if not c["calculables"]:
        return None, None
    return Fraction(c["numerateur"], c["denominateur"]), Fraction(c["au_dessus"], c["calculables"])


def cible_de(indicateur: Indicateur, quand: int) -> tuple[Fraction | None, Fraction | None]:
    """La cible de ce trimestre, et la dernière de toutes."""
    nationales = indicateur.cibles.filter(organisation=None).select_related("trimestre")
    points = sorted((c.trimestre.annee * 4 + c.trimestre.numero, Fraction(c.pourcentage) / 100) for c in nationales)
    cible = None
    for i, (debut, depart) in enumerate(points):
        if debut <= quand:
            cible = depart
            if i + 1 < len(points) and quand < points[i + 1][0]:
                fin, arrivee = points[i + 1]
                cible = depart + (arrivee - depart) / (fin - debut) * (quand - debut)
    return cible, points[-1][1] if points else None


def compter(indicateur: Indicateur, trimestre: Trimestre, organisations: list[Organisation]) -> dict:
    c = dict.fromkeys(COMPTES, 0) | {"attendues": len(organisations), "qui": set()}
    for organisation in organisations:
        for valeur in Valeur.objects.filter(indicateur=indicateur, soumission__trimestre=trimestre).de(organisation):
            c["repondantes"] += 1
            if valeur.absence == "NON_DISPONIBLE":
                c["non_disponibles"] += 1
            elif valeur.absence == "SANS_OBJET" or valeur.denominateur == 0:
                c["sans_objet"] += 1
            else:
                c["calculables"] += 1
                c["numerateur"] += valeur.numerateur
                c["denominateur"] += valeur.denominateur
                c["au_dessus"] += Fraction(valeur.numerateur, valeur.denominateur) > Fraction(indicateur.seuil) / 100
                c["qui"].add(organisation.sigle)
    return c


def oracle() -> dict[tuple[str, str, str, str], dict[str, str]]:
    lignes, trimestres = {}, sorted(Trimestre.objects.filter(code__lte=CODES[-1]), key=lambda t: t.code)
    toutes = list(Organisation.objects.select_related("ministere"))
    tetes = [o for o in toutes if o.categorie == "MINISTERE"]
    for indicateur in Indicateur.objects.all():
        debut = min(d.applicable_du for d in indicateur.definitions.all())
        perimetres = [("", "", toutes)]
        perimetres += [(tete.sigle, "", [o for o in toutes if tete in (o, o.ministere)]) for tete in tetes]
        perimetres += [("", c, [o for o in toutes if o.categorie == c]) for c in {o.categorie for o in toutes}]
        for portefeuille, categorie, membres in perimetres:
            montres = []
            for t in trimestres:
                du = [o for o in membres if o.assujettie_du <= t.fin and (o.assujettie_au or t.fin) >= t.fin]
                if du and debut <= t.fin and (indicateur.retire_le is None or indicateur.retire_le > t.fin):
                    montres.append((t, du, compter(indicateur, t, du)))
            fideles = set.intersection(*[c["qui"] for _, _, c in montres[-8:]]) if montres else set()
            for i, (t, du, c) in enumerate(montres):
                panel = compter(indicateur, t, [o for o in du if o.sigle in fideles])
                recent, assez = i >= len(montres) - 8, i >= len(montres) - 8 and len(fideles) >= 2
                parts, parts_du_panel = parts_de(c), parts_de(panel) if assez else (None, None)
                laquelle = indicateur.agregation == "PART_ORGANISATIONS"
                part, base = parts[laquelle], c["calculables" if laquelle else "denominateur"]
                cible, finale = cible_de(indicateur, t.annee * 4 + t.numero)
                verdict = "NON_JUGEABLE"
                if part is not None and cible is not None and base >= indicateur.denominateur_minimal:
                    verdict = "ATTEINTE" if part >= finale else "EN_VOIE" if part >= cible else "EN_RETARD"
                lignes[indicateur.code, t.code, portefeuille, categorie] = {
                    **{nom: str(c[nom]) for nom in c if nom not in ("qui", "au_dessus")},
                    "au_dessus_du_seuil": str(c["au_dessus"]),
                    "part_globale": pour_cent(parts[0]),
                    "part_organisations": pour_cent(parts[1]),
                    "panel_organisations": str(len(fideles)) if recent else "",
                    "panel_part_globale": pour_cent(parts_du_panel[0]),
                    "panel_part_organisations": pour_cent(parts_du_panel[1]),
                    "cible": pour_cent(cible),
                    "verdict": verdict,
                }
    return lignes


# --- des mondes ------------------------------------------------------------------------------------------------------


def reponse(hasard: Random, silence: float) -> Saisie | None:
    tirage = hasard.random()
    if tirage < silence:
        return None
    if tirage < 2 * silence:
        return hasard.choice(
            [Saisie(absence="NON_DISPONIBLE", motif="Panne"), Saisie(absence="SANS_OBJET"), Saisie(0, 0)]
        )
    d = hasard.choice([1, 2, 10, 10, PLAFOND // 3])
    return Saisie(hasard.choice([0, d // 2, d // 2 + d % 2, d, hasard.randint(0, d)]), d)


def batir(hasard: Random, *, organisations: int, trimestres: int, silence: float, trouble: float) -> None:
    """Un monde tiré au sort: périodes, portefeuilles, règles, chemins, réponses et silences."""

    def parfois(*rares):
        return hasard.choice(rares) if hasard.random() < trouble else None

    codes = CODES[-trimestres:]
    tetes, corps = [], []
    for numero in range(organisations):
        debut = parfois(hasard.choice(FINS), hasard.choice(FINS) + JOUR) or f.DEBUT
        fin = parfois(debut, max(debut, hasard.choice(FINS)), max(debut, hasard.choice(FINS) - JOUR))
        periode = {"assujettie_du": debut, "assujettie_au": fin}
        if numero in (0, 3):
            tetes.append(f.ministere(f"M{numero}", **periode))
        else:
            corps.append(f.organisation(f"O{numero}", ministere=hasard.choice([None, *tetes]), **periode))
    indicateurs = [
        f.indicateur(
            f"indicateur-{agregation}".lower().replace("_", "-"),
            du=parfois(*FINS) or f.DEBUT,
            agregation=agregation,
            seuil=Decimal(parfois("0", "66.67", "99.99") or "50"),
            denominateur_minimal=parfois(2, 15) or 0,
            retire_le=parfois(*FINS),
        )
        for agregation in ("PART_GLOBALE", "PART_ORGANISATIONS")
    ]
    for indicateur in indicateurs:
        points = sorted(hasard.sample(["2020-T2", *codes, "2024-T4"], hasard.randint(0, 3)))
        hauteurs = sorted(hasard.randint(0, 10_000) for _ in points)
        for code, hauteur in zip(points, hauteurs, strict=True):
            f.cible(indicateur, code, str(Decimal(hauteur) / 100))
    livraison = {}
    for organisation in tetes + corps:
        for code in codes:
            reponses = {i: r for i in indicateurs if (r := reponse(hasard, silence))}
            if reponses:
                livraison[organisation, f.trimestre(code)] = reponses
    with f.tout_attendu():
        f.reprendre(livraison, f.instant("2023-08-01"))


def publies() -> dict[tuple[str, str, str], dict[str, str]]:
    """Les chiffres d'une édition de ce monde, relus de son fichier."""
    edition = f.edition(f.trimestre(CODES[-1]), f.instant("2023-09-01"))
    assert f.problemes() == {"2023-T2": []}
    return {
        tuple(ligne.pop(cle) for cle in ("indicateur", "trimestre", "portefeuille", "categorie")): ligne
        for ligne in formats.lire_csv(depot.lire(edition.code, "chiffres.csv"))
        if ligne.pop("edition")
    }


def test_l_oracle_naif_redonne_chaque_colonne_des_chiffres_publies():
    vus = Counter()

    @settings(max_examples=30, deadline=None, derandomize=True, database=None)
    @given(
        graine=st.integers(0, 2**32),
        organisations=st.integers(2, 7),
        trimestres=st.sampled_from([1, 3, 8, 9, 10, 10]),
        silence=st.sampled_from([0, 0.01, 0.03, 0.2]),
        trouble=st.sampled_from([0, 0.1, 0.5]),
    )
    def comparer(graine, **monde):
        with f.monde_jetable():
            batir(Random(graine), **monde)
            chiffres = publies()
            assert chiffres == oracle()
        vus.update(ligne["verdict"] for ligne in chiffres.values())
        vus.update("panel" for ligne in chiffres.values() if ligne["panel_part_globale"])
        vus.update("hors panel" for ligne in chiffres.values() if not ligne["panel_organisations"])

    comparer()
    assert set(vus) == {*Verdict, "panel", "hors panel"}  # l'épreuve a bien tout rencontré
    assert min(vus.values()) >= 10
