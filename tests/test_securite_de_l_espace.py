"""L'espace et le compte devant qui triche: formulaires sans jeton, hôtes inventés, textes pénibles, journaux."""

import html
import logging
import re
from html.parser import HTMLParser
from unicodedata import normalize
from urllib.parse import quote

import pytest
from django.core import mail
from django.test import Client

from organisations.models import Habilitation, Role
from tests import autorisations as a
from tests import fabrique as f
from tests.barometre.public import SUIVIS, TELECHARGES, entetes_attendus
from tests.organisations.connexions import MOT_DE_PASSE

pytestmark = pytest.mark.django_db

ADRESSES = a.toutes_les_adresses()
JETON = "a" * 32
OUBLI = "/compte/mot-de-passe/oublie/"
# fmt: off
PENIBLES = [
    "١٢٣", "²½Ⅷ", "1e309", "-0", "-9223372036854775809", "NaN", "Infinity", "0x7F", "1_000", "1,5", "true", "null",
    "[]", "%s%n%x%(a)s", "=HYPERLINK(1)", "../../../../etc/passwd", "http://[::1", "javascript:alert(1)", "a@b@c",
    "0001-01-01", "9999-12-31", "2023-02-30", "monter:999999999999999999999",
    "\0", "a\0b", "x" * 32_767, "é" * 32_767, "e\u0301" * 200, "\ufeffdébut", "\u200b\u200c\u200d",
    "\u202etexte renversé", "\u2028\u2029", "\x01\x02\x1b[31m\x7f", "\ud7ff\ue000\uffff", "😀👩‍👩‍👧‍👦🏳️‍🌈",
    "Z̸̢̛a̴l̷g̶o̵", "раypal", "9" * 400, '{"a": {"b": []}}', "[" * 5000, "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>', "{{ 7|add:7 }}{% debug %}",
    "'; DROP TABLE organisations_organisation; --", "a\r\nSet-Cookie: x=1", "\r\n.\r\n",
]
# fmt: on


@pytest.fixture(scope="module")
def bati(django_db_setup, django_db_blocker, tmp_path_factory):
    with a.monde(django_db_blocker, tmp_path_factory) as bati:
        yield bati


@pytest.fixture
def monde(bati, settings):
    settings.MEDIA_ROOT = bati.media
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    return bati


@pytest.fixture
def garde(monde, settings) -> Client:
    """Les témoins de qui transmet, dans un navigateur que la garde CSRF surveille."""
    client = Client(enforce_csrf_checks=True)
    client.cookies.load({nom: temoin.value for nom, temoin in monde.temoins["transmet"].items()})
    client.cookies[settings.CSRF_COOKIE_NAME] = JETON
    return client


# --- les formulaires d'ailleurs --------------------------------------------------------------------------------------
@pytest.mark.parametrize("nom", ADRESSES)
def test_aucune_ecriture_ne_passe_sans_le_jeton_du_formulaire_ni_depuis_un_autre_site(monde, garde, nom):
    adresse = ADRESSES[nom].vers(ADRESSES[nom].objets[0], monde)
    ne_se_lit_que = ADRESSES[nom].publique and not adresse.startswith(("/espace/", "/compte/", "/admin/"))
    refus = 405 if ne_se_lit_que else 403
    for methode in (garde.post, garde.put, garde.patch, garde.delete):
        assert methode(adresse).status_code == refus, methode
        ailleurs = methode(adresse, headers={"X-CSRFToken": JETON, "Origin": "https://pirate.test"})
        assert ailleurs.status_code == refus, methode


def test_le_jeton_et_notre_origine_suffisent(garde):
    entetes = {"X-CSRFToken": JETON, "Origin": "http://testserver"}
    assert garde.post("/compte/deconnexion/", headers=entetes).status_code == 302


# --- les en-têtes ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("nom", [nom for nom in ADRESSES if nom not in ("fichier",)])
def test_chaque_reponse_porte_les_en_tetes_de_securite_et_rien_de_prive_n_est_garde(monde, nom):
    for role in ("anonyme", "transmet", "sans_facteur", "superutilisateur"):
        for objet in ADRESSES[nom].objets:
            for methode in ("GET", "DELETE"):
                reponse = monde.demander(role, methode, ADRESSES[nom].vers(objet, monde))
                ou = (role, objet, methode)
                entetes, cadre = entetes_attendus(nom, reponse.status_code)
                assert {n: reponse.headers.get(n) for n in entetes} == entetes, ou
                assert reponse.headers["Referrer-Policy"] in ("same-origin", "strict-origin-when-cross-origin"), ou
                politique = reponse.headers["Content-Security-Policy"]
                assert "default-src 'none'" in politique, ou
                assert f"frame-ancestors {cadre}" in politique, ou
                assert "unsafe" not in politique, ou
                prive = ADRESSES[nom].motif.startswith(("espace/", "compte/"))
                if prive and (reponse.status_code == 200 or reponse.cookies):
                    assert "no-store" in reponse.headers["Cache-Control"], ou
                if not prive and not nom.startswith("admin:"):
                    assert not reponse.cookies, ou
                    assert "Cookie" not in reponse.headers.get("Vary", ""), ou


TELECHARGEMENTS = {
    "classeur": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "accuse_en_texte": "text/plain; charset=utf-8",
    "echeances": "text/calendar; charset=utf-8",
    "plan_document": "application/pdf",
    "plan_version_document": "application/pdf",
    **TELECHARGES,
}


@pytest.mark.parametrize("nom", TELECHARGEMENTS)
def test_un_fichier_se_telecharge_sous_un_nom_sans_piege_et_sous_son_type(monde, nom):
    reponse = monde.demander("transmet", "GET", ADRESSES[nom].vers(ADRESSES[nom].objets[0], monde))
    assert reponse.headers["Content-Type"] == TELECHARGEMENTS[nom]
    assert re.fullmatch(r'attachment; filename="[\w.-]+"', reponse.headers["Content-Disposition"], re.ASCII)
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("nom", SUIVIS)
def test_un_flux_a_son_type(monde, nom):
    reponse = monde.demander("transmet", "GET", ADRESSES[nom].vers(ADRESSES[nom].objets[0], monde))
    assert reponse.headers["Content-Type"] == SUIVIS[nom]
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"


def test_tous_les_fichiers_a_telecharger_sont_dans_la_liste(monde):
    trouves = set()
    for nom, adresse in ADRESSES.items():
        reponse = monde.demander("transmet", "GET", adresse.vers(adresse.objets[0], monde))
        if reponse.status_code == 200 and not reponse.headers["Content-Type"].startswith("text/html"):
            trouves.add(nom.removeprefix("edition:"))
    assert trouves == {*TELECHARGEMENTS, *SUIVIS}


# --- l'hôte ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("nom", ["account_reset_password", "invitation", "equipe", "saisie", "account_login"])
def test_un_hote_invente_est_refuse_et_l_en_tete_d_un_mandataire_ne_le_change_pas(monde, nom):
    adresse = ADRESSES[nom].vers(ADRESSES[nom].objets[0], monde)
    for methode in ("GET", "POST"):
        assert monde.demander("transmet", methode, adresse, headers={"Host": "pirate.test"}).status_code == 400
        relaye = monde.demander("transmet", methode, adresse, headers={"X-Forwarded-Host": "pirate.test"})
        assert relaye.status_code != 400 or methode == "POST"
        assert b"pirate.test" not in relaye.content + str(relaye.headers).encode()
    assert mail.outbox == []


def lien_envoye(monde, settings, django_capture_on_commit_callbacks, adresse: str, contenu: dict[str, str]) -> str:
    """L'adresse que porte le courriel parti d'une demande dont l'hôte est permis, mais pas le port."""
    settings.ADRESSE_DU_SITE, settings.ALLOWED_HOSTS = "https://barometre.test", ["barometre.test", "alias.test"]
    with django_capture_on_commit_callbacks(execute=True):
        monde.demander("transmet", "POST", adresse, contenu, headers={"Host": "alias.test:666"})
    return re.search(r"https?://\S+", mail.outbox[-1].body)[0]


@pytest.mark.parametrize(
    ("adresse", "contenu"),
    [
        pytest.param(
            "/espace/ramq/equipe/", {"courriel": "neuve@exemple.test", "role": Role.REDACTION}, id="invitation"
        ),
        pytest.param(OUBLI, {"email": "{courriel}"}, id="oubli"),
    ],
)
def test_l_adresse_d_un_lien_envoye_ne_vient_jamais_de_la_demande(
    monde, settings, django_capture_on_commit_callbacks, adresse, contenu
):
    courriel = Habilitation.objects.actives().filter(organisation__slug="ramq").first().personne.email
    contenu = {nom: valeur.format(courriel=courriel) for nom, valeur in contenu.items()}
    lien = lien_envoye(monde, settings, django_capture_on_commit_callbacks, adresse, contenu)
    assert lien.startswith("https://barometre.test/")


# --- les textes pénibles ---------------------------------------------------------------------------------------------
class Champs(HTMLParser):
    """Les champs de texte des formulaires d'une page, et ce que portent les autres."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.contenu: dict[str, str] = {}
        self.visibles: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attributs = dict(attrs)
        nom, type_ = attributs.get("name"), attributs.get("type", "")
        if tag in ("input", "textarea", "select") and nom and type_ != "file":
            self.contenu.setdefault(nom, attributs.get("value") or "")
            if type_ != "hidden":
                self.visibles.add(nom)


FORMULAIRES = ["saisie", "plan", "plan_corriger", "corriger", "prolongation", "equipe", "invitation", "tableur"]
FORMULAIRES += ["fiche_proposer", "fiche", "demande_nouvelle", "demande"]
FORMULAIRES += ["account_login", "account_reset_password", "account_change_password", "account_reauthenticate"]
FORMULAIRES += ["account_reset_password_from_key", "mfa_activate_totp", "mfa_add_webauthn", "mfa_login_webauthn"]
GESTES = ("plan", "fiche_proposer", "fiche")
EN_PLUS = {
    "plan": dict.fromkeys(
        [f"initiatives-0-{n}" for n in ("titre", "changement", "debut", "fin", "etat", "progres")], ""
    )
    | {"initiatives-TOTAL_FORMS": "1"},
    "plan_corriger": {"motif": ""},
    "tableur": {"fichier": ""},
    "mfa_login_webauthn": {"credential": ""},
}


@pytest.mark.parametrize("nom", FORMULAIRES)
def test_un_texte_penible_dans_un_champ_ne_fait_jamais_de_panne(monde, nom):
    client, adresse = Client(), ADRESSES[nom].vers(ADRESSES[nom].objets[0], monde)
    client.cookies = a.copie(monde.temoins["anonyme" if ADRESSES[nom].publique else "transmet"])
    page = client.get(adresse, follow=True)
    champs, temoins = Champs(page.content.decode()), client.cookies
    contenu = champs.contenu | EN_PLUS.get(nom, {})
    if nom == "account_reset_password_from_key":
        adresse = page.redirect_chain[-1][0]
    envois = [dict.fromkeys(contenu, penible) for penible in PENIBLES]
    envois += [contenu | dict.fromkeys(champs.visibles, penible) for penible in PENIBLES]
    envois += [contenu | {champ: penible} for champ in contenu for penible in PENIBLES[:3]]
    for envoi in envois:
        for geste in (
            ({"geste": "enregistrer"}, {"geste": "transmettre"}) if "saisie" in nom or nom in GESTES else ({},)
        ):
            with f.monde_jetable():
                client.cookies = a.copie(temoins)
                assert 200 <= client.post(adresse, envoi | geste).status_code < 500, envoi
    assert len(envois) > len(PENIBLES)


def test_un_texte_penible_revient_tel_quel_ou_est_refuse(monde):
    adresse, gardes = ADRESSES["saisie"].vers("mien", monde), 0
    page = Champs(monde.demander("redige", "GET", adresse).content.decode()).contenu
    for penible in PENIBLES:
        with f.monde_jetable():
            reponse = monde.demander("redige", "POST", adresse, page | {"papier-note": penible})
            if reponse.status_code == 303:
                relue = html.unescape(monde.demander("redige", "GET", adresse).content.decode())
                assert normalize("NFC", penible).replace("\r\n", "\n").strip() in relue, penible
                gardes += 1
            else:
                assert reponse.status_code in (400, 409), penible
    assert gardes > 35


@pytest.mark.parametrize("nombre", ["99999999999999999999999", "9223372036854775808", "0"])
def test_un_numero_demesure_dans_une_adresse_est_une_page_introuvable(monde, nombre):
    for adresse in (
        f"/espace/ramq/2023-T1/v{nombre}/",
        f"/espace/ramq/2023-T1/v{nombre}/accuse.txt",
        f"/espace/ramq/accompagnement/{nombre}/",
        f"/espace/ramq/expertise/ce-que-fait-ramq/v{nombre}/",
        f"/espace/ramq/equipe/invitations/{nombre}/retirer/",
        f"/espace/ramq/equipe/habilitations/{nombre}/changer/",
        f"/compte/deuxieme-facteur/cles/{nombre}/retirer/",
    ):
        methode = "POST" if "equipe" in adresse else "GET"
        assert monde.demander("transmet", methode, adresse).status_code == 404, adresse


def test_une_adresse_penible_ne_fait_jamais_de_panne(monde):
    for penible in PENIBLES:
        morceau = quote(penible.replace("/", "").encode(), safe="")
        for debut in ("/espace/", "/espace/invitation/", "/espace/ramq/", "/compte/mot-de-passe/lien/a-", "/donnees/"):
            reponse = monde.demander("transmet", "GET", f"{debut}{morceau}/")
            assert reponse.status_code < 500, (debut, penible)


# --- les journaux ----------------------------------------------------------------------------------------------------
def test_aucun_journal_ne_dit_un_courriel_un_mot_de_passe_ni_un_jeton(monde, garde, caplog):
    caplog.set_level(logging.DEBUG)
    personne = Habilitation.objects.actives().filter(organisation__slug="ramq").first().personne
    invitation, oubli = (ADRESSES[n].vers("mien", monde) for n in ("invitation", "account_reset_password_from_key"))
    mot_de_passe = "un mot de passe qui ne doit pas paraître"
    for methode in a.METHODES:
        for role in ("anonyme", "transmet"):
            for adresse in (invitation, oubli, invitation + "rien", oubli + "rien/"):
                monde.demander(role, methode, adresse)
    for adresse in (invitation, oubli):
        garde.post(adresse, {"nom": personne.email, "mot_de_passe": mot_de_passe})
    connexion = {"login": personne.email, "password": mot_de_passe}
    monde.demander("anonyme", "POST", "/compte/connexion/", connexion)
    monde.demander("anonyme", "POST", "/compte/connexion/", connexion | {"password": MOT_DE_PASSE})
    monde.demander("anonyme", "POST", OUBLI, {"email": personne.email})
    monde.demander("anonyme", "POST", OUBLI, {"email": personne.email}, headers={"Host": "pirate.test"})
    monde.demander("transmet", "POST", "/espace/ramq/equipe/", {"courriel": "neuve@exemple.test", "role": "REDACTION"})
    changer = {"oldpassword": mot_de_passe, "password1": mot_de_passe, "password2": mot_de_passe}
    monde.demander("transmet", "POST", "/compte/mot-de-passe/", changer)
    journal = "\n".join(map(logging.Formatter().format, caplog.records))
    assert "/espace/invitation/…/" in journal
    assert "pirate.test" in journal
    secrets = [personne.email, "neuve@exemple.test", mot_de_passe, MOT_DE_PASSE]
    secrets += [invitation.split("/")[3].partition(":")[2], oubli.split("-")[-1].strip("/")]
    assert [secret for secret in secrets if secret in journal] == []
