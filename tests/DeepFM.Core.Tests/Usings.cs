global using CsCheck;
global using DeepFM.Data;
