"""Une file de relecture, bâtie par les verbes dans le monde d'exemple: 60 soumissions transmises, dont 20 signalées."""

SOIXANTE, SIGNALEES = 60, 20
VEILLE = "2023-08-03T14:00:00+00:00"  # la veille du jour où l'on relit
FORMULE = "Le dénominateur ne correspond pas à la définition."

# Joué par `manage.py shell`. Le dernier trimestre du monde: chacune y redit le trimestre d'avant à peu près; les vingt
# premières disent tout autre chose, et le justifient.
BATIR = f"""
import datetime
from django.conf import settings
settings.HORLOGE = datetime.datetime.fromisoformat("{VEILLE}")
from indicateurs.models import Indicateur, Saisie, Soumission, Trimestre
from organisations.horloge import maintenant
from organisations.models import FormuleDeRenvoi, Habilitation, Organisation, Statut, Utilisateur

FormuleDeRenvoi.objects.get_or_create(texte="{FORMULE}")
relectrice = Utilisateur.objects.get(email="relectrice@cqen.example")
for attend in Soumission.objects.transmis():
    attend.renvoyer(par=relectrice, le=maintenant(), motif="Place nette.")
trimestre, faites, signalees = Trimestre.objects.get(code="2023-T2"), 0, 0
for organisation in Organisation.objects.attendues(trimestre.fin).order_by("sigle"):
    if faites == {SOIXANTE}:
        break
    le = maintenant()
    personne = Habilitation.objects.actives().qui_permettent("TRANSMISSION").filter(
        organisation=organisation).first().personne
    soumission = Soumission.objects.commencer(organisation, trimestre, par=personne, le=le)
    if soumission.statut not in ("BROUILLON", "A_CORRIGER"):
        continue
    historique = soumission.historique()
    signaler = signalees < {SIGNALEES}
    saisies = {{}}
    for rang, indicateur in enumerate(soumission.indicateurs_attendus().order_by("ordre", "code")):
        avant = next((v for v in historique.get(indicateur.pk, []) if not v.absence and v.denominateur), None)
        n, d = (avant.numerateur, avant.denominateur) if avant else (0, 0)
        d = d if d >= indicateur.denominateur_minimal else 0
        saisies[indicateur] = Saisie(min(n + 1, d), d) if d else Saisie(absence="SANS_OBJET")
        if signaler and not rang:
            saisies[indicateur] = Saisie(7, 1000, justification="Un recomptage complet.")
    if not signaler and soumission.etonnements(saisies):
        etonnes = soumission.etonnements(saisies)
        saisies |= {{i: Saisie(absence="NON_DISPONIBLE", motif="En révision") for i in etonnes}}
    if signaler:
        etonnes = soumission.etonnements(saisies)
        saisies |= {{i: saisies[i]._replace(justification="Un recomptage complet.") for i in etonnes}}
    soumission.saisir(saisies, par=personne, le=le)
    soumission.soumettre(par=personne, le=le)
    faites, signalees = faites + 1, signalees + bool(soumission.signalements)
print(Soumission.objects.transmis().count(), Soumission.objects.transmis().exclude(signalements=[]).count())
"""

# Ce que la file est devenue, par statut, et combien de traces en restent.
COMPTER = """
from collections import Counter
from django.contrib.admin.models import LogEntry
from indicateurs.models import Soumission
ici = Soumission.objects.filter(trimestre__code="2023-T2")
print(sorted(Counter(ici.values_list("statut", flat=True)).items()), LogEntry.objects.count())
"""
