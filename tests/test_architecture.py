"""La police de la maison: ce que la relecture oublierait."""

import ast
import re
import subprocess
from pathlib import Path

import allauth
import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from organisations.models import TRANSITIONS, Dossier, Statut
from tests.lignes import MODELES

RACINE = Path(__file__).resolve().parent.parent
APPLICATIONS = ("barometre", "indicateurs", "organisations")
D_UNE_EDITION = {  # aussi telles qu'elles étaient
    "accueil",
    "indicateur",
    "organisations",
    "organisations_csv",
    "organisations_xlsx",
    "organisation",
    "comparer",
    "methodologie",
    "portefeuille",
    "graphique",
    "figure",
    "courbe",
    "courbe_propre",
    "courbe_commune",
    "courbes_comparees",
    "valeurs_csv",
    "image_d_indicateur",
    "image_d_organisation",
    "image_du_site",
    "integrer",
}
ADRESSES_PUBLIQUES = D_UNE_EDITION | {
    "donnees",
    "dossier",
    "fichier",
    "calendrier",
    "calendrier_ics",
    "flux",
    "flux_d_une_organisation",
    "editions",
    "revisions",
    "revisions_csv",
    "a_propos",
    "accessibilite",
    "confidentialite",
    "plan_du_site",
    "robots",
    "plans_publics",
    "plan_public",
    "document_public",
    "expertise_publique",
    "fiche_publique",
    # entrer, sortir, retrouver son mot de passe
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    # ouvrir une invitation reçue
    "invitation",
}


def suivis(*motifs: str) -> list[Path]:
    """Les fichiers du projet, suivis ou à suivre, qui répondent à ces motifs."""
    sortie = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *motifs],
        cwd=RACINE,
        capture_output=True,
        text=True,
        check=True,
    )
    return [RACINE / nom for nom in sortie.stdout.splitlines() if (RACINE / nom).exists()]


def lignes(chemin: Path) -> int:
    return len(chemin.read_text().splitlines())


def adresses(resolveur=None, prefixe: str = ""):
    """Toutes les adresses du site: (nom, motif, vue); celles d'une ancienne édition se nomment `edition:…`."""
    ancienne = "edition:" if resolveur and resolveur.namespace == "edition" else ""
    for motif in (resolveur or get_resolver()).url_patterns:
        if isinstance(motif, URLResolver):
            yield from adresses(motif, prefixe + str(motif.pattern))
        elif isinstance(motif, URLPattern):
            yield f"{ancienne}{motif.name}" if motif.name else None, prefixe + str(motif.pattern), motif.callback


def test_aucun_fichier_python_ne_depasse_300_lignes():
    assert {str(f): n for f in suivis("*.py") if "/migrations/" not in str(f) and (n := lignes(f)) > 300} == {}


def test_aucun_gabarit_ne_depasse_100_lignes():
    assert {str(f): n for f in suivis("templates/*.html") if (n := lignes(f)) > 100} == {}


def test_aucune_fonction_ne_depasse_25_lignes():
    longues = {}
    for chemin in suivis(*(f"{a}/*.py" for a in APPLICATIONS)):
        if "/migrations/" in str(chemin):
            continue
        for noeud in ast.walk(ast.parse(chemin.read_text())):
            if isinstance(noeud, ast.FunctionDef):
                premiere = noeud.body[1] if ast.get_docstring(noeud) and len(noeud.body) > 1 else noeud.body[0]
                longueur = (noeud.end_lineno or 0) - premiere.lineno + 1
                if longueur > 25:
                    longues[f"{chemin.name}:{noeud.name}"] = longueur
    assert longues == {}


def test_aucune_vue_ne_depasse_15_lignes():
    longues = {}
    for chemin in suivis("*/views.py", "*/views/*.py"):
        for noeud in ast.parse(chemin.read_text()).body:
            if isinstance(noeud, ast.FunctionDef) and (noeud.end_lineno or 0) - noeud.lineno + 1 > 15:
                longues[noeud.name] = (noeud.end_lineno or 0) - noeud.lineno + 1
    assert longues == {}


def test_le_css_et_le_javascript_restent_legers():
    assert sum(f.stat().st_size for f in suivis("static/*.css")) <= 25 * 1024
    assert sum(f.stat().st_size for f in suivis("static/*.js")) <= 10 * 1024


def test_rien_ne_s_appelle_core_common_ou_utils():
    interdits = {"core", "common", "utils", "helpers", "services"}
    assert [f for f in suivis("*.py") if interdits & {f.stem, *f.relative_to(RACINE).parts[:-1]}] == []


def test_les_identifiants_n_ont_pas_d_accent():
    fautifs = []
    for chemin in suivis("*.py"):
        for noeud in ast.walk(ast.parse(chemin.read_text())):
            nom = getattr(noeud, "id", None) or getattr(noeud, "name", None) or getattr(noeud, "arg", None)
            if isinstance(nom, str) and not nom.isascii():
                fautifs.append(f"{chemin.name}: {nom}")
    assert fautifs == []


def test_chaque_module_et_chaque_classe_ou_fonction_publique_se_presente():
    muets = []
    for chemin in suivis(*(f"{a}/*.py" for a in APPLICATIONS)):
        if "/migrations/" in str(chemin) or not chemin.read_text().strip():
            continue
        arbre = ast.parse(chemin.read_text())
        candidats = [arbre, *(n for n in arbre.body if isinstance(n, ast.FunctionDef | ast.ClassDef))]
        muets += [
            f"{chemin.relative_to(RACINE)}: {getattr(n, 'name', 'module')}"
            for n in candidats
            if not getattr(n, "name", "").startswith("_") and not ast.get_docstring(n)
        ]
    assert muets == []


def test_tout_statut_est_dans_les_transitions_et_tout_dossier_a_son_journal():
    assert set(TRANSITIONS) == set(Statut)
    for modele in apps.get_models():
        if issubclass(modele, Dossier):
            assert modele.CLE
            assert modele._meta.get_field("journal").related_model
            assert any(codename == f"relire_{modele._meta.model_name}" for codename, _ in modele._meta.permissions)


def test_aucun_modele_n_impose_un_ordre():
    assert [m.__name__ for m in MODELES if m._meta.ordering] == []  # les histoires gardent celui de leur paquet


def test_les_adresses_publiques_sont_celles_de_la_liste():
    publiques = {
        nom
        for nom, motif, vue in adresses()
        if not motif.startswith("admin/") and not getattr(vue, "login_required", True)
    }
    assert publiques == ADRESSES_PUBLIQUES | {f"edition:{nom}" for nom in D_UNE_EDITION}


@pytest.mark.django_db
def test_les_adresses_de_l_equipe_refusent_l_inconnu(client):
    essayees = 0
    for _nom, motif, _ in adresses():
        if motif.startswith("admin/") and "<" not in motif and "(" not in motif and "login" not in motif:
            reponse = client.get(f"/{motif.replace('^', '').replace('$', '')}")
            menee = reponse.headers.get("Location", "").split("?")[0]
            assert (reponse.status_code, menee in {"/admin/login/", "/compte/connexion/"}) == (302, True), motif
            essayees += 1
    assert essayees > 3


def test_les_phrases_suivent_la_typographie_du_quebec():
    """Hors des docstrings: une insécable devant le deux-points et le %, et dans les guillemets; rien devant ; ! ?."""
    fautes = re.compile(r"[\w»)}] ?: [\wÀ-ÿ«{]|« | »|\d %|[\wà-ÿ»] [;!?]( |$)|[\wà-ÿ»)]:$")
    typographiees = {"mots.py", "tableaux.py"}  # leurs phrases passent par `mots.typographier`
    fautives = []
    for chemin in suivis(*(f"{a}/*.py" for a in APPLICATIONS), "manage.py"):
        if "/migrations/" in str(chemin) or chemin.name in typographiees or {"pages", "phrases"} & set(chemin.parts):
            continue
        arbre = ast.parse(chemin.read_text())
        docstrings = {id(n.body[0].value) for n in ast.walk(arbre) if ast_a_docstring(n)}
        for noeud in ast.walk(arbre):
            texte = noeud.value if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str) else ""
            if id(noeud) not in docstrings and fautes.search(texte):
                fautives.append(f"{chemin.name}:{noeud.lineno} {texte[:60]}")
    assert fautives == []


def ast_a_docstring(noeud: ast.AST) -> bool:
    return isinstance(noeud, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(noeud) is not None


def test_aucun_gabarit_n_est_orphelin():
    sources = "\n".join(f.read_text() for f in suivis("*.py", "templates/*.html"))
    noms = [f.relative_to(RACINE / "templates").as_posix() for f in suivis("templates/*.html")]
    speciaux = {"400.html", "403.html", "404.html", "500.html"}
    d_allauth = Path(allauth.__file__).parent / "templates"  # ceux-là, c'est lui qui les nomme
    assert [
        nom for nom in noms if nom not in speciaux and f'"{nom}"' not in sources and not (d_allauth / nom).exists()
    ] == []


def test_les_gabarits_ne_portent_ni_style_ni_script_en_ligne_ni_adresse_d_un_autre_hote():
    fautifs = []
    for chemin in suivis("templates/*.html", "static/*.css", "static/*.js"):
        texte = chemin.read_text()
        if re.search(
            r"\sstyle=|<style|<script(?![^>]*\bsrc=)|\son[a-z]+=|@import|url\(\s*['\"]?(?:https?:|//|data:)", texte
        ):
            fautifs.append(chemin.name)
        if re.search(r"(?:src|href|action)=\"(?:https?:)?//(?!(?:creativecommons\.org|forge\.gouv\.qc\.ca)/)", texte):
            fautifs.append(chemin.name)
    assert fautifs == []


def test_le_depot_ne_nomme_ni_index_de_paquets_ni_chemin_de_poste():
    fautifs = []
    for chemin in suivis():
        texte = chemin.read_bytes().decode(errors="ignore")
        if re.search(
            r"--(?:extra-)?index.url|https?://[a-z0-9.-]+/(?:simple|packages|npm)/|/(?:home|root)/[a-z.]", texte
        ):
            fautifs.append(str(chemin))
    assert fautifs == []


def test_chaque_dependance_donne_sa_raison():
    precedente, sans_raison = "", []
    for ligne in (RACINE / "pyproject.toml").read_text().splitlines():
        if re.match(r'\s+"[a-z0-9\[\],-]+[<>=]', ligne) and not precedente.strip().startswith("#"):
            sans_raison.append(ligne)
        precedente = ligne
    assert sans_raison == []


def test_les_dependances_sont_epinglees_avec_leurs_empreintes():
    for fichier in ("requirements.txt", "requirements-dev.txt"):
        blocs = re.split(r"\n(?=\S)", (RACINE / fichier).read_text().strip())
        assert all("==" in bloc and "--hash=sha256:" in bloc for bloc in blocs if not bloc.startswith("#"))
