"""L'embargo: rien de ce qui n'est pas publié ne sort, à aucune adresse, connue ou devinée."""

import io
import random
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from html import unescape
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import override

from indicateurs.models import Indicateur, Saisie, Soumission, Trimestre
from organisations.models import Organisation, Strategie
from tests import fabrique as f
from tests import mondes
from tests.autorisations import toutes_les_adresses
from tests.barometre import public
from tests.volume import tirage, volume

pytestmark = [pytest.mark.django_db, pytest.mark.epreuve]

CANARI = 918273645
ECRIT = re.compile(r"(?:[\s,.'_\u2019]|&nbsp;|&#160;|%20|\\u00a0)?".join(("918", "273", "645")))
DEMAIN, APRES = "2023-T3", f.instant("2023-10-20")
MAINTENANT = re.compile(rb"<(dcterms:modified)[^>]*>202[5-9][^<]*<")
DEVINEES, PAR_VUE = volume(100, 2_000), volume(1, 10_000)
ABSURDES = ("2099-T3", "2087-T1")  # bien formés, et que rien n'annonce
NOMS = ("valeurs.csv", "chiffres.csv", "organisations.csv", "indicateurs.json", "SHA256SUMS", "valeurs.xlsx")
MODELES = (
    "/editions/{code}/",
    "/en/editions/{code}/",
    "/editions/{code}/{page}",
    "/en/editions/{code}/{page}",
    "/editions/2023-T2...{code}/",
    "/editions/{code}...2023-T2/revisions.csv",
    "/donnees/{code}/",
    "/donnees/{code}/{nom}",
    "/media/editions/{code}/{nom}",
    "/editions/{code}/{nom}",
    "/static/{code}/{nom}",
    "/api/v1/editions/{code}/{nom}",
    "/{page}?edition={code}",
    "/{page}?as_of={jour}",
    "/{page}?preview={n}",
    "/en/{page}?trimestre={code}",
    "/{page}?version={n}&brouillon=1",
    "/sitemap.xml?edition={code}",
    "/flux.atom?edition={code}",
    "/organisations/ramq/flux.atom?as_of={jour}",
    "/organisations/{n}/",
    "/organisations/export.csv?trimestre={code}",
    "/organisations/export.xlsx?edition={code}&preview=1",
    "/espace/ramq/{code}/",
    "/espace/ramq/{code}/versions/{n}/",
    "/espace/ramq/{code}/accuse/",
    "/admin/indicateurs/soumission/{n}/change/",
    "/admin/indicateurs/suivi/{code}/",
    "/admin/barometre/edition/simuler/?trimestre={code}",
)
FICHIERS = ("/sitemap.xml", "/robots.txt", "/flux.atom", "/calendrier.ics")
AVEC_COURBE = tuple(
    f"{ou}/indicateurs/papier/{quoi}" for ou in ("", "/editions/2023-T1") for quoi in ("", "graphique/")
)
AVEC_COURBE += tuple(f"{ou}/comparer/export.svg?o=ramq&o=hq&indicateur=papier" for ou in ("", "/editions/2023-T1"))
ENTRER = ("invitation",)
PAGES = ("", "image.png", "organisations/", "organisations/ramq/", "organisations/ramq/image.png", "portefeuilles/mcn/")
PAGES += tuple(f"indicateurs/papier/{suite}" for suite in ("", "graphique/", "figure.json", "courbe.csv", "courbe.png"))
PAGES += ("integrer/papier/", "comparer/?o=ramq&o=hq", "methodologie/", "organisations/export.csv")


class Reponse(NamedTuple):
    """Tout ce qui sort d'une demande, sauf le numéro qui la distingue."""

    statut: int
    entetes: dict[str, str]
    corps: bytes

    def texte(self) -> str:
        """Le texte de tout ce qu'elle porte."""
        return f"{self.entetes} {self.corps.decode(errors='replace')}"


def demander(adresse: str) -> Reponse:
    """Ce qu'un inconnu reçoit, sans l'instant où un flux vide et un classeur disent avoir été faits."""
    reponse = Client().get(adresse)
    corps = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    entetes = dict(reponse.headers)
    if corps[:2] == b"PK":
        archive = zipfile.ZipFile(io.BytesIO(corps))
        corps = b" ".join(archive.read(nom) for nom in archive.namelist())
        entetes.pop("Content-Length", None)
    return Reponse(reponse.status_code, entetes, MAINTENANT.sub(b"", corps))


def photo(adresses: Iterable[str]) -> dict[str, Reponse]:
    """Ce que répond chaque adresse, rien n'étant gardé d'avant."""
    public.vider_le_cache()
    return {adresse: demander(adresse) for adresse in adresses}


def parcourir() -> dict[str, Reponse]:
    """Ce que répondent les adresses que le site nomme, de lien en lien: les deux langues, toutes les éditions."""
    public.vider_le_cache()
    a_voir, vues, par_vue = ["/", "/en/", *FICHIERS, *AVEC_COURBE], {}, Counter[tuple]()
    while a_voir:
        adresse = a_voir.pop()
        sorte = adresse[:4] == "/en/", vue(urlsplit(adresse).path).view_name
        if adresse not in vues and par_vue[sorte] < PAR_VUE:
            par_vue[sorte] += 1
            vues[adresse] = demander(adresse)
            a_voir += liens(adresse, vues[adresse])
    return vues


def liens(page: str, reponse: Reponse) -> Iterator[str]:
    """Où mène une page publique, sur ce site, sans les choix d'un tri."""
    texte = unescape(reponse.corps.decode(errors="replace"))
    trouves = re.findall(r'(?:href|src|content|data-[a-z]+)="([^"#]+)|<loc>([^<]+)', texte)
    for lien in [*(a or b for a, b in trouves), reponse.entetes.get("Location", "")]:
        lu = urlsplit(urljoin(f"http://127.0.0.1:8000{page}", lien))
        if lien and lu.netloc == "127.0.0.1:8000" and not lu.query and est_publique(lu.path):  # sans les tris
            yield lu.path


def vue(chemin: str) -> ResolverMatch:
    """Qui répond à cette adresse; lève `Resolver404`."""
    with override("en" if chemin.startswith("/en/") else "fr"):
        return resolve(chemin)


def est_publique(chemin: str) -> bool:
    """Est-ce une adresse du public, hors de ce qui sert à entrer?"""
    try:
        trouve = vue(chemin)
    except Resolver404:
        return False
    return not getattr(trouve.func, "login_required", True) and not chemin.startswith(("/compte", "/espace"))


def deviner(hasard: random.Random) -> Iterator[str]:
    """Des adresses qu'un curieux essaierait la veille."""
    codes = [DEMAIN, *(f"{DEMAIN}-r{n}" for n in range(1, 10)), *(f"2023-T2-r{n}" for n in range(1, 5))]
    codes += ["2023-T4", "2024-T1", "2023-t3", "2023T3", "2023-3", "prochaine", f"{DEMAIN}.tmp", f".{DEMAIN}"]
    while True:
        jour = f"2023-{hasard.randint(9, 12):02}-{hasard.randint(1, 28):02}"
        trous = {"code": hasard.choice(codes), "nom": hasard.choice(NOMS), "page": hasard.choice(PAGES)}
        yield hasard.choice(MODELES).format(**trous, jour=jour, n=hasard.randint(1, 60))


def semer() -> None:
    """Le trimestre de demain: accepté, à relire, en brouillon; et une correction acceptée d'un trimestre publié."""
    quand, indicateurs = Trimestre.objects.get(code=DEMAIN), list(Indicateur.objects.exclude(code="ancien"))
    note = f"Canari {CANARI}, 918 273 645, 918\xa0273\xa0645"
    saisies = dict.fromkeys(indicateurs, Saisie(CANARI, CANARI, note=note, justification=note))
    par_sigle = {o.sigle: o for o in Organisation.objects.all()}
    for sigle in ("RAMQ", "MCN"):
        f.validee(par_sigle[sigle], quand, saisies, APRES)
    f.transmise(par_sigle["HQ"], quand, saisies, APRES)
    f.brouillon(par_sigle["MSSS"], quand, saisies, APRES)
    publiee = Soumission.objects.get(organisation=par_sigle["MCN"], trimestre__code="2023-T1", statut="VALIDE")
    f.corrigee(publiee, saisies, APRES, motif=note)


def partager() -> None:
    """Ce qui paraît entre deux éditions: un plan et son document, une fiche."""
    ramq = Organisation.objects.get(sigle="RAMQ")
    strategie = Strategie.objects.create(code="2019-2023", titre="Stratégie 2019-2023", debut=f.DEBUT, fin=f.FIN)
    public.accepte(ramq, document=b"%PDF-1.7 Le plan.", strategie=strategie)
    public.accepter(public.fiche(ramq, Indicateur.objects.get(code="papier")), f.relecteur(), "2023-05-03")


@pytest.fixture(scope="module")
def avant_apres(django_db_setup, django_db_blocker, tmp_path_factory):
    """Ce que répondent les adresses nommées et devinées, avant que le trimestre de demain existe, puis après."""
    with mondes.monde_partage(django_db_blocker, tmp_path_factory):
        mondes.publier_trois_editions()
        f.trimestre(DEMAIN)
        f.Edition.objects.derniere().designer()
        partager()
        devinees = deviner(tirage())
        avant = parcourir() | photo(next(devinees) for _ in range(DEVINEES))
        semer()
        yield avant, photo(avant)


def test_rien_de_ce_qui_attend_ne_change_un_octet_de_ce_que_le_public_recoit(avant_apres):
    avant, apres = avant_apres
    assert [adresse for adresse in avant if avant[adresse] != apres[adresse]] == []


def test_aucun_canari_ne_parait_nulle_part(avant_apres):
    _, apres = avant_apres
    assert ECRIT.search(f"{CANARI:,}".replace(",", "\xa0"))
    assert [adresse for adresse, reponse in apres.items() if ECRIT.search(reponse.texte())] == []


def test_la_visite_passe_par_chaque_adresse_publique(avant_apres):
    chemins = [urlsplit(adresse).path for adresse in avant_apres[1]]
    vues = {vue(chemin).view_name for chemin in chemins if est_publique(chemin)}
    voulues = {nom for nom, adresse in toutes_les_adresses().items() if adresse.publique and est_a_visiter(nom)}
    assert voulues - vues == set()


def est_a_visiter(nom: str) -> bool:
    return not nom.startswith(("account_", "mfa_", "admin:", "socialaccount")) and nom not in ENTRER


def test_une_devinee_ne_fait_ni_panne_ni_temoin(avant_apres):
    for adresse, reponse in avant_apres[1].items():
        assert reponse.statut in (200, 301, 302, 404, 405), adresse
        assert "Set-Cookie" not in reponse.entetes, adresse


@pytest.mark.parametrize("modele", [m for m in MODELES if "{code}" in m and "?" not in m])
def test_l_adresse_de_demain_repond_les_octets_d_une_adresse_absurde(avant_apres, modele):
    for page, nom in zip(PAGES, NOMS * 3, strict=False):
        vide = {"page": page, "nom": nom, "n": 1}
        demain, *absurdes = (anonyme(modele.format(code=code, **vide), code) for code in (DEMAIN, *ABSURDES))
        assert absurdes == [demain, demain], modele


def anonyme(adresse: str, code: str) -> Reponse:
    """La réponse, son propre code effacé d'où elle le redit."""
    statut, entetes, corps = demander(adresse)
    return Reponse(
        statut, {nom: v.replace(code, "CODE") for nom, v in entetes.items()}, corps.replace(code.encode(), b"CODE")
    )
