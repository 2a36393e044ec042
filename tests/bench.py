"""`make bench`: combien de temps et de mémoire. Mesure et montre; ne juge pas, ces machines sont partagées.

Une base et un dossier neufs, un fichier de 100 000 lignes pour l'import, puis 320 organisations × 16 trimestres ×
4 indicateurs pour la publication, les pages et l'administration, où un trimestre de plus attend d'être relu.
"""

import csv
import gzip
import logging
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any

from lancer import RACINE, postgresql

ENTETE = ("organisation", "sigle", "trimestre", "indicateur", "numerateur", "denominateur")
BASE, REGLAGES = "barometre_bench", "barometre.settings"  # ceux du site; ce processus-ci prend ceux des tests
PAGES = (
    *("/", "/indicateurs/indic-0/", "/organisations/", "/organisations/org-7/", "/portefeuilles/org-0/"),
    *("/comparer/?o=org-1&o=org-2&indicateur=indic-0", "/methodologie/", "/editions/", "/donnees/", "/flux.atom"),
    *("/en/indicateurs/indic-0/", "/en/organisations/"),
    *("/organisations/export.csv", "/indicateurs/indic-0/courbe.png", "/indicateurs/indic-0/image.png"),
)


def ecrire(chemin: Path, organisations: int, trimestres: int, indicateurs: int) -> Path:
    """Un fichier de valeurs valides, toujours le même."""
    hasard = random.Random(2023)
    with chemin.open("w", newline="", encoding="utf-8") as flux:
        plume = csv.writer(flux)
        plume.writerow(ENTETE)
        for o in range(organisations):
            for t in range(trimestres):
                for i in range(indicateurs):
                    total = hasard.randint(1, 10**6)
                    code = f"{2019 + t // 4}-T{t % 4 + 1}"
                    plume.writerow([f"Organisme {o}", f"ORG-{o}", code, f"indic-{i}", hasard.randint(0, total), total])
    return chemin


def gerer(*arguments: str) -> tuple[float, int]:
    """Lance une commande; rend ses secondes et son pic de mémoire (Mio)."""
    debut = time.perf_counter()
    commande, env = [sys.executable, "manage.py", *arguments], os.environ | {"DJANGO_SETTINGS_MODULE": REGLAGES}
    processus = subprocess.Popen(commande, cwd=RACINE, stdout=subprocess.DEVNULL, env=env)
    _, statut, usage = os.wait4(processus.pid, 0)
    if statut:
        sys.exit(f"{' '.join(arguments)} a échoué.")
    return time.perf_counter() - debut, usage.ru_maxrss // 1024


def base_neuve(dossier: Path) -> None:
    """Une base vide, migrée: PostgreSQL s'il répond, sinon SQLite."""
    if adresse := postgresql():
        serveur = adresse.rsplit("/", 1)[0]
        for ordre in (f"DROP DATABASE IF EXISTS {BASE}", f"CREATE DATABASE {BASE}"):
            subprocess.run(["psql", "-q", f"{serveur}/postgres", "-c", ordre], check=True)
        os.environ["DATABASE_URL"] = f"{serveur}/{BASE}"
    else:
        (dossier / "bench.sqlite3").unlink(missing_ok=True)
        os.environ["DATABASE_URL"] = f"sqlite:///{dossier / 'bench.sqlite3'}"
    os.environ["MEDIA_ROOT"] = str(dossier / "media")
    gerer("migrate", "--verbosity", "0")


def installer_django() -> None:
    """Les réglages des tests, sur la base et le dossier du banc."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    sys.path.insert(0, str(RACINE))
    media = os.environ["MEDIA_ROOT"]
    django.setup()
    from django.conf import settings

    settings.MEDIA_ROOT, settings.ALLOWED_HOSTS, settings.MFA_EXIGEE = media, ["*"], False


def mesurer_les_pages() -> None:
    """Chaque page publique: requêtes, rendu à froid et à chaud (médianes), octets compressés."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"Accept-Encoding": "gzip"})

    def chronometrer(adresse: str, *, froid: bool, fois: int = 15) -> float:
        durees = []
        for _ in range(fois):
            if froid:
                cache.clear()
            debut = time.perf_counter()
            client.get(adresse)
            durees.append((time.perf_counter() - debut) * 1000)
        return median(durees)

    for adresse in PAGES:
        cache.clear()
        with CaptureQueriesContext(connection) as requetes:
            reponse = client.get(adresse)
            combien = len(requetes)
        froid, chaud = chronometrer(adresse, froid=True), chronometrer(adresse, froid=False)
        print(
            f"{adresse:28} {reponse.status_code}, {combien} requêtes, à froid {froid:6.1f} ms, "
            f"à chaud {chaud:5.2f} ms, {len(reponse.content) / 1000:5.1f} ko compressés"
        )
    feuille = sum(len(gzip.compress(f.read_bytes())) for f in (RACINE / "static").rglob("*") if f.is_file())
    print(f"fichiers statiques: {feuille / 1000:.1f} ko compressés")


def rattacher() -> None:
    """Vingt ministères, et chaque autre organisation dans le portefeuille de l'un d'eux."""
    from django.db import connection

    from organisations.models import Organisation

    toutes = list(Organisation.objects.order_by("pk"))
    tetes, autres = toutes[:20], toutes[20:]
    Organisation.objects.filter(pk__in=[tete.pk for tete in tetes]).update(categorie="MINISTERE")
    for tete, organisation in zip(cycle(tetes), autres, strict=False):
        organisation.ministere = tete
        organisation.save()
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")  # ce que la base fait d'elle-même, une minute après une si grande importation


def remplir_l_administration() -> None:
    """Ce que l'équipe trouve un jour de relecture: tout ce qui attend de chacune, et des mois de traces."""
    from indicateurs.models import DemandeProlongation, Indicateur
    from organisations.models import Attribution, Invitation, Organisation, Role, Trace
    from tests import collaboration
    from tests import fabrique as f

    hasard, le, relecteur = random.Random(2023), f.instant("2023-07-10"), f.relecteur()
    indicateurs, (trimestre, suivant) = list(Indicateur.objects.all()), map(f.trimestre, ("2023-T1", "2023-T2"))
    tetes = Organisation.objects.filter(categorie="MINISTERE")
    strategie = f.plan(f.organisation("PREMIERE")).strategie
    Attribution.objects.bulk_create(Attribution(portefeuille=tete, relecteur=relecteur) for tete in tetes)
    for organisation in Organisation.objects.exclude(sigle="PREMIERE"):
        f.transmise(organisation, trimestre, {i: (hasard.randint(0, 99), 99) for i in indicateurs})
        plan, fiche = f.plan(organisation, strategie), collaboration.fiche(organisation, indicateurs[0])
        for dossier in (plan, fiche):
            dossier.soumettre(par=dossier.cree_par, le=dossier.cree_le)
        collaboration.demande(organisation, indicateurs[0])
        DemandeProlongation.objects.demander(
            organisation=organisation, trimestre=suivant, echeance_souhaitee=f.instant("2023-09-15").date(),
            motif="Inondation", par=plan.cree_par, le=le,
        )  # fmt: skip
        courriel = f"invitee@{organisation.slug}.test"
        Invitation.objects.inviter(courriel, organisation=organisation, role=Role.REDACTION, par=plan.cree_par, le=le)
    commun = {"par": relecteur, "le": le, "page": "/admin/", "geste": "Validée.", "statut": 200}
    Trace.objects.bulk_create(Trace(objet=f"soumission : {n}", **commun) for n in range(20_000))


def listes_de_l_administration(client: Any) -> list[str]:
    """Chaque page qui montre une liste: celles de Django, et les nôtres, pour un trimestre ou un indicateur."""
    from tests.autorisations import toutes_les_adresses

    adresses = [a for a in toutes_les_adresses().values() if a.nom.startswith("admin:")]
    listes = [a.motif for a in adresses if a.nom.endswith("_changelist") or a.nom == "admin:index"]
    propres = [
        re.sub("<[^>]*>", code, a.motif) for a in adresses if a.noms == ["code"] for code in ("2023-T1", "indic-0")
    ]
    toutes = [f"{motif}?etat=tous" for motif in listes]  # ce que la file ne montre pas d'abord
    return [f"/{motif}" for motif in (*listes, *toutes, *propres) if client.get(f"/{motif}").status_code == 200]


def mesurer_l_administration() -> None:
    """Chaque page de liste: requêtes, le 95e centile de 30 lectures, et le temps de processeur médian."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests import fabrique as f

    logging.disable(logging.ERROR)  # une liste sans ce filtre, ou sans ce code, le refuse: on ne la mesure pas
    client = Client()
    client.force_login(f.personne(is_staff=True, is_superuser=True))
    for adresse in listes_de_l_administration(client):
        durees, calculs = [], []
        for _ in range(30):
            debut, calcul = time.perf_counter(), time.process_time()
            client.get(adresse)
            durees.append((time.perf_counter() - debut) * 1000)
            calculs.append((time.process_time() - calcul) * 1000)
        with CaptureQueriesContext(connection) as requetes:
            client.get(adresse)
        centile, combien = sorted(durees)[28], len(requetes)
        depasse = ", au-delà du plafond (15 requêtes, 300 ms)" if combien > 15 or centile >= 300 else ""
        print(f"{adresse:60} {combien:2} requêtes, p95 {centile:6.1f} ms, calcul {median(calculs):5.1f} ms{depasse}")


def mesurer_l_embargo() -> None:
    """L'adresse de l'édition de demain, dont une réponse est acceptée, et une absurde: leurs refus, tour à tour."""
    from django.test import Client
    from django.utils import timezone

    from indicateurs.models import Soumission
    from tests import fabrique as f

    Soumission.objects.transmis().first().valider(par=f.relecteur(), le=timezone.now())
    client, durees = Client(), {"2023-T1": [], "2099-T1": []}
    for _ in range(200):
        for code, prises in durees.items():
            debut = time.perf_counter()
            client.get(f"/editions/{code}/")
            prises.append((time.perf_counter() - debut) * 1000)
    demain, absurde = (median(prises) for prises in durees.values())
    print(f"refuser l'édition de demain: {demain:.2f} ms; une édition absurde: {absurde:.2f} ms (médianes de 200)")


def main() -> None:
    """Toutes les mesures, l'une après l'autre."""
    os.environ.setdefault("SECRET_KEY", "cle-de-mesure")
    os.environ.setdefault("HTTPS", "0")
    os.environ.setdefault("NIVEAU_DE_JOURNAL", "ERROR")
    with tempfile.TemporaryDirectory() as nom:
        dossier = Path(nom)
        base_neuve(dossier)
        secondes, memoire = gerer(
            "importer_valeurs", str(ecrire(dossier / "gros.csv", 1250, 20, 4)), "--creer", "--valider"
        )
        print(f"importer 100 000 lignes (--creer --valider): {secondes:.1f} s, {memoire} Mio au plus")
        base_neuve(dossier)
        gerer("importer_valeurs", str(ecrire(dossier / "moyen.csv", 320, 16, 4)), "--creer", "--valider")
        installer_django()
        rattacher()
        vide, _ = gerer("check")
        secondes, memoire = gerer("publier", "2022-T4")
        print(f"publier 320 × 16 × 4: {secondes:.1f} s, dont {vide:.1f} s de démarrage, {memoire} Mio au plus")
        mesurer_les_pages()
        remplir_l_administration()
        mesurer_l_administration()
        mesurer_l_embargo()
    print(f"pic de ce processus: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} Mio")


if __name__ == "__main__":
    main()
