"""Ce que le site refuse se dit en français, par une page, et par son statut."""

import html

import pytest
from django.http import HttpResponse
from django.test import Client

from barometre.middleware import EntetesDeSecurite
from tests import fabrique as f

pytestmark = pytest.mark.django_db
CHAMP = '--x\r\nContent-Disposition: form-data; name="login"\r\n\r\n+2AA-\r\n--x--\r\n'


def envoyer(client, adresse: str, suite: str) -> str:
    """La page que donne un formulaire dont le type se termine ainsi."""
    reponse = client.generic("POST", adresse, CHAMP, content_type=f"multipart/form-data; boundary=x{suite}")
    page = html.unescape(reponse.content.decode())
    assert (reponse.status_code == 400) == ("Cette demande est mal formée" in page)
    return page


@pytest.mark.parametrize(
    "adresse", ["/compte/mot-de-passe/envoye/", "/espace/ramq/plan/", "/espace/ramq/2023-T1/", "/"]
)
def test_une_demande_qui_se_dit_ecrite_autrement_qu_en_utf_8_est_refusee(client, adresse):
    client.force_login(f.personne())
    for charset in ("rot13", "hex", "zlib", "idna", "undefined", "utf-7", "latin-1", "bidon"):
        assert "mal formée" in envoyer(client, adresse, f"; charset={charset}"), charset
        assert "mal formée" in envoyer(client, adresse, f"; charset*=utf-8''{charset}"), charset
    for permis in ("", "; charset=utf-8", "; charset=UTF-8", '; charset="Utf-8"', "; charset="):
        assert "mal formée" not in envoyer(client, adresse, permis), permis


@pytest.mark.parametrize("statut", [429, 503])
def test_un_refus_passager_dit_quand_reessayer_sauf_si_la_page_le_dit_deja(rf, statut):
    def entetes(**dits):
        return EntetesDeSecurite(lambda _: HttpResponse(status=statut, headers=dits))(rf.get("/")).headers

    assert entetes()["Retry-After"] == "60"
    assert entetes(**{"Retry-After": "86400"})["Retry-After"] == "86400"


@pytest.mark.parametrize(
    ("adresse", "permises"),
    [
        ("/espace/", "GET, HEAD"),
        ("/espace/ramq/plan/", "GET, HEAD, POST"),
        ("/espace/ramq/plan/corriger/", "POST"),
        ("/compte/deconnexion/", "POST"),
        ("/organisations/", "GET, HEAD"),
    ],
)
def test_une_methode_refusee_donne_une_page_et_dit_lesquelles_vont(client, adresse, permises):
    client.force_login(f.personne())
    refus = client.delete(adresse)
    assert (refus.status_code, refus.headers["Allow"]) == (405, permises)
    assert "<h1>Cette adresse ne s'ouvre pas ainsi</h1>" in html.unescape(refus.content.decode())
    assert refus.headers["Content-Length"] == str(len(refus.content))


@pytest.mark.parametrize("methode", ["post", "put", "patch", "delete"])
def test_une_page_publique_ne_s_ecrit_pas_et_le_dit_avant_de_chercher_un_jeton(methode):
    client = Client(enforce_csrf_checks=True)
    for adresse in ("/", "/organisations/?q=x", "/robots.txt", "/donnees/2023-T1/valeurs.csv", "/flux.atom"):
        refus = getattr(client, methode)(adresse, headers={"Origin": "https://ailleurs.test"})
        assert (refus.status_code, refus["Allow"]) == (405, "GET, HEAD")
        assert "<h1>Cette adresse ne s'ouvre pas ainsi</h1>" in html.unescape(refus.content.decode())
        assert refus.cookies == {}
    assert client.head("/").status_code == 200


@pytest.mark.parametrize("type_de_contenu", ["text/plain; a*=bidon''x", "text/plain; charset*=idna''xn--a"])
def test_un_type_de_contenu_que_rien_ne_lit_est_un_refus_des_la_porte(rf, type_de_contenu):
    from barometre.wsgi import application  # celle que sert granian: le client d'essai construit sa demande autrement

    statuts = []
    environ = rf.post("/compte/connexion/").environ | {"CONTENT_TYPE": type_de_contenu}
    b"".join(application(environ, lambda statut, *_: statuts.append(statut)))

    assert statuts == ["400 Bad Request"]
