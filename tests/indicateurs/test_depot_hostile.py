"""Un dépôt par le web est refusé vite, sans joindre personne, sans rien répéter de ce qu'il contenait."""

import resource
import socket
import zipfile
from io import BytesIO
from random import Random
from threading import Thread

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from indicateurs.classeur import ORDINAIRES, examiner
from indicateurs.gabarit import LigneDuGabarit, classeur
from indicateurs.lecture import DEPOT, lire
from tests.classeurs import ENTETE_XML, parties

REMPLI = classeur(
    "Ministère A", "MA", "2023-T1", [LigneDuGabarit("P", "I", "n", "d", "déf", numerateur=5, denominateur=9)]
)
with zipfile.ZipFile(BytesIO(REMPLI)) as _archive:
    PARTIES: dict[str, str | bytes] = {nom: _archive.read(nom) for nom in _archive.namelist()}


@pytest.fixture
def ecoute():
    """Un écouteur local: son port, et les connexions qu'il a reçues."""
    recues = []
    with socket.create_server(("127.0.0.1", 0)) as serveur:

        def accepter():
            while True:
                try:
                    recues.append(serveur.accept())
                except OSError:
                    return

        fil = Thread(target=accepter, daemon=True)
        fil.start()
        yield serveur.getsockname()[1], recues
        serveur.shutdown(socket.SHUT_RDWR)
    fil.join(5)


def avec(partie: str, avant: str, dedans: str = "") -> dict[str, str | bytes]:
    """Le classeur rempli dont une partie commence par une déclaration, et dont un texte la nomme."""
    contenu = bytes(PARTIES[partie]).decode()
    prologue, _, corps = contenu.rpartition("?>")
    return PARTIES | {
        partie: f"{prologue}{'?>' if prologue else ''}{avant}{corps.replace('Minist', dedans + 'Minist')}"
    }


@pytest.mark.parametrize("partie", PARTIES)
def test_une_entite_externe_est_refusee_sans_connexion_ni_echo(archive, tmp_path, ecoute, partie):
    port, recues = ecoute
    (tmp_path / "secret").write_text("contenu-secret")
    for declaration in (
        f'<!DOCTYPE a SYSTEM "http://127.0.0.1:{port}/a.dtd">',
        f'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:{port}/b"> %b;]>',
        f'<!DOCTYPE a [<!ENTITY b SYSTEM "file://{tmp_path}/secret">]>',
        f'<!DOCTYPE a PUBLIC "-//x" "http://127.0.0.1:{port}/c.dtd">',
    ):
        lecture = lire(archive(avec(partie, declaration, "&b;" if "ENTITY b" in declaration else "")), limites=DEPOT)
        assert lecture.lignes == []
        (erreur,) = lecture.erreurs
        assert erreur.attendu.startswith("Ce classeur ne se lit pas")
        assert "secret" not in str(erreur)
    assert recues == []


@pytest.mark.parametrize("partie", [nom for nom in PARTIES if nom.endswith((".xml", ".rels"))])
def test_une_adresse_sans_declaration_n_est_jamais_jointe(archive, ecoute, partie):
    port, recues = ecoute
    adresse = f"http://127.0.0.1:{port}"
    lire(archive(avec(partie, f'<?xml-stylesheet href="{adresse}/a.xsl"?>')), limites=DEPOT)
    liens = f'<Relationship Id="rX" Type="x/image" Target="{adresse}/b" TargetMode="External"/></Relationships>'
    lire(archive(PARTIES | {partie: bytes(PARTIES[partie]).decode().replace("</Relationships>", liens)}), limites=DEPOT)
    assert recues == []


def noms() -> dict[str, str | bytes]:
    definis = "".join(f'<definedName name="n{n}">F!$A${n % 9999}</definedName>' for n in range(400_000))
    feuille = str(parties()["xl/workbook.xml"])
    return parties() | {
        "xl/workbook.xml": feuille.replace("</workbook>", f"<definedNames>{definis}</definedNames></workbook>")
    }


def attributs() -> dict[str, str | bytes]:
    nombreux = " ".join(f'a{n}="{n}"' for n in range(450_000))
    return parties(f"{ENTETE_XML}<row {nombreux}/>")


@pytest.mark.usefixtures("sans_enfant")
@pytest.mark.parametrize("contenu", [noms, attributs])
def test_ce_qui_couterait_des_secondes_est_refuse_avant_toute_analyse(archive, contenu):
    (erreur,) = lire(archive(contenu()), limites=DEPOT).erreurs
    assert "trop gros" in erreur.attendu


@pytest.mark.usefixtures("sans_enfant")
def test_un_depot_se_deplie_en_vingt_megaoctets_au_plus(archive):
    chemin = archive(PARTIES | {"xl/gros": bytes(20_500_000), "xl/hasard": Random(1).randbytes(400_000)})
    examiner(chemin, ORDINAIRES)
    (erreur,) = lire(chemin, limites=DEPOT).erreurs
    assert "trop gros" in erreur.attendu


def test_un_enfant_du_web_n_a_qu_une_seconde_de_processeur(archive):
    feuilles = "".join(f'<sheet name="G{n}" sheetId="{n}" r:id="rId1"/>' for n in range(2, 50_000))
    contenu = parties() | {
        "xl/workbook.xml": str(parties()["xl/workbook.xml"]).replace("</sheets>", f"{feuilles}</sheets>")
    }
    avant = resource.getrusage(resource.RUSAGE_CHILDREN)
    (erreur,) = lire(archive(contenu), limites=DEPOT).erreurs
    apres = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert "ne se lit pas" in erreur.attendu
    assert apres.ru_utime + apres.ru_stime - avant.ru_utime - avant.ru_stime < 1.5


@settings(
    max_examples=60,
    deadline=None,
    phases=[phase for phase in Phase if phase not in {Phase.shrink, Phase.explain}],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.integers(0, len(REMPLI) - 1), st.integers(0, 255), st.booleans())
def test_un_classeur_abime_est_refuse_ou_se_lit_intact(tmp_path, place, octet, coupe):
    chemin = tmp_path / "abime.xlsx"
    chemin.write_bytes(REMPLI[:place] if coupe else REMPLI[:place] + bytes([octet]) + REMPLI[place + 1 :])
    lecture = lire(chemin, limites=DEPOT)
    assert bool(lecture.erreurs) != bool(lecture.lignes)
    assert all((ligne.sigle, ligne.numerateur, ligne.denominateur) == ("MA", 5, 9) for ligne in lecture.lignes)
