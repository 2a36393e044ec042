"""Le classeur téléchargé, rempli, déposé: vérifié sans rien écrire, puis enregistré tel quel; ou refusé en entier."""

import pytest

from indicateurs.models import Indicateur
from tests import fabrique as f
from tests.indicateurs.depots import ENTETE, NOTE, REMPLI, accepter, csv, deposer, remplir, telecharger
from tests.indicateurs.espace import CODE, Page, adresse, deux, ecrire, entree, etat, soumission

pytestmark = pytest.mark.django_db
ATTENDU = {
    "papier": {"numerateur": 1234, "denominateur": 2000, "note": NOTE},
    "ouvert": {"absence": "NON_DISPONIBLE", "motif": "panne"},
}


@pytest.fixture
def ici(ici):
    f.trimestre("2023-T1")
    return ici


# --- le chemin heureux -----------------------------------------------------------------------------------------------


def test_le_classeur_rempli_donne_un_apercu_puis_le_brouillon_exact(moi, ici):
    avant = etat()
    reponse = deposer(moi, ici, remplir(telecharger(moi, ici), *REMPLI))
    assert etat() == avant
    page = Page(reponse)
    assert "1\xa0234 sur 2\xa0000, soit 61,7\xa0%" in page.texte
    assert "Non disponible\xa0: panne" in page.texte

    accepter(moi, ici, reponse)
    assert soumission(ici).contenu() == ATTENDU
    assert soumission(ici).statut == "BROUILLON"


def test_le_classeur_porte_le_brouillon_et_se_redepose_sans_rien_changer(moi, ici):
    accepter(moi, ici, deposer(moi, ici, remplir(telecharger(moi, ici), *REMPLI)))
    fige = etat()
    accepter(moi, ici, deposer(moi, ici, remplir(telecharger(moi, ici))))

    assert etat() == fige


def test_un_fichier_partiel_laisse_le_reste_du_brouillon(moi, ici):
    ecrire(moi, ici, papier=deux(1, 2), ouvert=deux("x", "9" * 5000))
    accepter(moi, ici, deposer(moi, ici, csv(f"RAMQ,RAMQ,{CODE},papier,3,4,,,"), "a.csv"))

    assert soumission(ici).contenu() == {
        "papier": {"numerateur": 3, "denominateur": 4},
        "ouvert": {"ebauche": {"numerateur": "x", "denominateur": "9" * 5000}},
    }


def test_un_fichier_sans_colonne_de_note_garde_celle_du_brouillon(moi, ici):
    ecrire(moi, ici, papier=deux(1, 2, note="Gardée.", justification="Gardée aussi.", preuve="https://exemple.test/a"))
    sans_note = f"organisation,sigle,trimestre,indicateur,numerateur,denominateur\nRAMQ,RAMQ,{CODE},papier,5,9\n"
    accepter(moi, ici, deposer(moi, ici, sans_note.encode(), "a.csv"))

    dit = soumission(ici).contenu()["papier"]
    assert (dit["numerateur"], dit["note"], dit["justification"]) == (5, "Gardée.", "Gardée aussi.")
    assert dit["preuve"] == "https://exemple.test/a"


def test_l_apercu_montre_une_note_qui_change_ou_s_efface(moi, ici):
    ecrire(moi, ici, papier=deux(1, 2, note="Ancienne."))
    change = Page(deposer(moi, ici, csv(f"RAMQ,RAMQ,{CODE},papier,1,2,,,Nouvelle."), "a.csv"))
    efface = Page(deposer(moi, ici, csv(f"RAMQ,RAMQ,{CODE},papier,1,2,,,"), "a.csv"))

    assert "Note publique\xa0: «\xa0Nouvelle.\xa0»" in change.texte
    assert "Note publique\xa0: effacée" in efface.texte


def test_une_ebauche_de_chiffres_sans_fin_n_empeche_pas_l_apercu(moi, ici):
    ecrire(moi, ici, papier=deux("9" * 5000, "9" * 5000))
    page = Page(deposer(moi, ici, csv(f"RAMQ,RAMQ,{CODE},ouvert,3,4,,,"), "a.csv"))

    assert page.statut == 200
    assert "Une ébauche" in page.texte


def test_l_apercu_previent_de_ce_qui_etonne(moi, ici):
    f.transmise(ici, f.trimestre("2023-T1"), dict.fromkeys(Indicateur.objects.all(), (1, 10)))
    page = Page(deposer(moi, ici, csv(f"RAMQ,RAMQ,{CODE},papier,9,10,,,"), "a.csv"))

    assert "À justifier avant de transmettre\xa0: La part passe de 10,0\xa0% à 90,0\xa0%" in page.texte


def test_ce_que_l_autre_enregistre_pendant_l_apercu_n_est_pas_ecrase(moi, ici):
    apercu = Page(deposer(moi, ici, csv(f"RAMQ,RAMQ,{CODE},papier,3,4,,,"), "a.csv"))
    ecrire(entree(f.declarant(ici)), ici, papier=deux(7, 8))
    fige = etat()
    page = Page(moi.post(adresse("saisie", ici), apercu.saisie | {"geste": "enregistrer"}))

    assert (page.statut, etat()) == (409, fige)
    assert "«\xa07\xa0», et vous «\xa03\xa0»" in page.texte


def test_un_trimestre_transmis_ne_recoit_plus_de_classeur(moi, ici):
    ecrire(moi, ici, "transmettre", papier=deux(1, 2), ouvert=deux(1, 2))
    fige = etat()

    assert deposer(moi, ici, csv(f"RAMQ,RAMQ,{CODE},papier,3,4,,,"), "a.csv").status_code == 303
    assert etat() == fige


# --- le meme contenu, autrement ecrit --------------------------------------------------------------------------------

LIGNES = [
    f'"Régie, santé";RAMQ;{CODE};papier;1 234;2000;;;À l\'été «\xa0ici\xa0»',
    f'"Régie, santé";ramq;{CODE};OUVERT;ND;;;panne;',
]


@pytest.mark.parametrize(
    "ecrire_en",
    [
        lambda t: t.encode(),
        lambda t: t.encode("utf-8-sig"),
        lambda t: t.encode("cp1252"),
        lambda t: t.replace("\n", "\r\n").encode(),
        lambda t: t.replace('"Régie, santé"', "Régie").replace(";", ",").encode("utf-8-sig"),
        lambda t: t.replace(";", "\t").encode("cp1252"),
        lambda t: t.replace("1 234", "1\u202f234,0").encode(),
        lambda t: f"{t}\n\n;;;;;;;;\n".encode(),
    ],
    ids=["utf-8", "BOM", "cp1252", "CRLF", "virgule", "tabulation", "fine insécable", "rangées vides"],
)
def test_toutes_les_ecritures_donnent_les_memes_valeurs_que_le_formulaire(moi, ici, ecrire_en):
    ailleurs = f.organisation("AUTRE")
    eux = entree(f.declarant(ailleurs))
    note = "À l'été «\xa0ici\xa0»"
    ecrire(eux, ailleurs, papier=deux("1 234", 2000, note=note), ouvert={"absence": "NON_DISPONIBLE", "motif": "panne"})
    accepter(moi, ici, deposer(moi, ici, ecrire_en(csv(*LIGNES, entete=ENTETE.replace(",", ";"))), "a.csv"))

    assert soumission(ici).contenu() == soumission(ailleurs).contenu()


def test_le_meme_fichier_deux_fois_ou_dix_ne_change_rien_de_plus(moi, ici):
    accepter(moi, ici, deposer(moi, ici, csv(*LIGNES, entete=ENTETE.replace(",", ";")), "a.csv"))
    fige = etat()
    for _ in range(3):
        accepter(moi, ici, deposer(moi, ici, csv(*LIGNES, entete=ENTETE.replace(",", ";")), "a.csv"))

    assert etat() == fige
